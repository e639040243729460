"""The answer of a language model: asked over packed evidence, streamed, cited by code, checked, and mended or refused."""
