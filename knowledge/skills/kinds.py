"""What the kinds of skills are called when they are spoken of."""

from collections.abc import Mapping

from knowledge.skills.entries import Skill, key

SPOKEN: Mapping[str, str] = {
    "language": "language",
    "framework": "framework",
    "database": "database",
    "api": "API",
    "messaging": "messaging",
    "cache": "cache",
    "container": "container tool",
    "cloud": "cloud",
    "ci": "CI/CD",
    "version-control": "version control",
    "monitoring": "monitoring",
    "third-party": "third-party service",
    "practice": "practice",
    "soft": "soft skill",
    "concept": "concept",
}

PLURALS: Mapping[str, str] = {
    "language": "languages",
    "framework": "frameworks",
    "database": "databases",
    "api": "APIs",
    "messaging": "messaging",
    "cache": "caches",
    "container": "container tools",
    "cloud": "clouds",
    "ci": "CI/CD",
    "version-control": "version control",
    "monitoring": "monitoring",
    "third-party": "third-party services",
    "practice": "practices",
    "soft": "soft skills",
    "concept": "concepts",
}


def spoken_kinds(skill: Skill) -> str:
    """What a skill is, and what else it is taken for: "database, also cache"."""
    return ", also ".join(SPOKEN[kind] for kind in skill.kinds)


def introduced(skill: Skill) -> str:
    """A skill with what it is, "Redis – database, also cache"; alone where its name says that."""
    return introduced_as(skill.name, skill.kind, spoken_kinds(skill))


def introduced_as(name: str, kind: str, kinds: str | None = None) -> str:
    """The same for what is known by its name and kind alone."""
    told = {key(SPOKEN[kind]), key(PLURALS[kind])}
    return name if key(name) in told else f"{name} – {kinds or SPOKEN[kind]}"
