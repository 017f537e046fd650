"""What the configuration file may say, checked by pydantic."""

import sys
from pathlib import Path
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field


class Settings(BaseModel):
    """A key that is not listed here is an error, not a guess."""

    model_config = ConfigDict(extra="forbid")

    title: str = "Environment report of {{ host }}"
    python: str = Field(default="3.10", pattern=r"^\d+\.\d+$")
    sqlite: str = Field(default="3.31", pattern=r"^\d+(\.\d+)+$")
    tls: Literal["TLSv1.2", "TLSv1.3"] = "TLSv1.2"
    free_memory_mib: int = Field(default=64, ge=0)


def default_path() -> Path:
    return Path(sys.prefix, "etc", "quickstart.yaml")


def load(path: Path) -> Settings:
    """Raises OSError, yaml.YAMLError or pydantic.ValidationError."""
    return Settings.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")) or {})
