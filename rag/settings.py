"""Settings: defaults, then `dateline.toml` in the working directory, then environment variables `DATELINE_…`.

What is passed to a function or typed on the command line goes before all of them. Prices are the user's own, each with its day:

    [prices."openai:MODEL"]
    input = 0.0     # US dollars for a million tokens
    output = 0.0
    as_of = 2026-01-31
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, TomlConfigSettingsSource

from rag.errors import BadSettings

FILE_NAME = "dateline.toml"
Style = Literal["brief", "standard", "detailed"]
"""How much an answer tells."""


class Price(BaseModel):
    """What a language model cost on some day, in US dollars for a million tokens."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    input: float = Field(ge=0, description="a million tokens of prompt")
    output: float = Field(ge=0, description="a million tokens of answer")
    as_of: date = Field(description="the day on which the provider's price list said so")

    def cost(self, tokens_in: int, tokens_out: int) -> float:
        """What some tokens cost.

        >>> Price(input=3, output=15, as_of="2026-01-31").cost(2000, 100)
        0.0075
        """
        return round((tokens_in * self.input + tokens_out * self.output) / 1_000_000, 8)


class Settings(BaseSettings):
    """Every setting, with its default."""

    model_config = SettingsConfigDict(env_prefix="DATELINE_", toml_file=FILE_NAME, frozen=True, extra="forbid")

    home: Path = Field(Path(".dateline"), description="folder that holds what Dateline knows of your articles")
    encoder: str = Field("built-in", description="what turns text into vectors: built-in, or openai:MODEL, ollama:MODEL, huggingface:MODEL")
    llm: str | None = Field(
        None, description="language model that writes the answers: openai:MODEL, ollama:MODEL, …; none for the built-in one"
    )
    llm_timeout: float = Field(60.0, gt=0, description="seconds to wait for the language model")
    fallback: bool = Field(False, description="let the built-in answerer answer where the language model fails; the answer says so")
    repair: bool = Field(True, description="ask the language model once more for sentences that failed a check")
    prices: dict[str, Price] = Field(default_factory=dict, description="what language models cost, by what --llm calls them; none is known")
    passages: int = Field(12, ge=1, le=100, description="passages that an answer is made from")
    context_tokens: int = Field(3000, ge=200, description="tokens of evidence that a language model is shown")
    style: Style = Field("standard", description="how much a language model writes: brief, standard or detailed")
    sentences: int = Field(3, ge=1, le=10, description="sentences that a built-in answer quotes at most")
    candidates: int = Field(24, ge=1, le=100, description="passages that the built-in reader ranks and reads")
    abstain_below: float = Field(0.4, ge=0, le=1, description="probability below which the built-in answer says that it does not know")
    explain_below: float = Field(0.45, ge=0, le=1, description="the same for questions that ask how, why or whether")

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Arguments, then the environment, then the file."""
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls)

    @classmethod
    def load(cls, **given: Any) -> Self:
        """The settings in force; `given` values that are not None go before all others.

        Raises:
            BadSettings: a value does not fit; the message names it.
        """
        try:
            return cls(**{name: value for name, value in given.items() if value is not None})
        except ValidationError as error:
            first = error.errors()[0]
            name = ".".join(map(str, first["loc"]))
            raise BadSettings(
                f"the setting {name!r} does not fit: {first['msg']}", hint=f"see {FILE_NAME} and the DATELINE_ variables"
            ) from None
        except ValueError as error:  # TOML that does not parse
            raise BadSettings(f"{FILE_NAME} does not read: {error}", hint="mend the file, or move it away") from None
