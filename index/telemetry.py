"""No telemetry: switches off what the libraries below would send, before any of them is loaded.

onnxruntime (since 1.29, on every platform) writes a device id and reports each session unless `ORT_DISABLE_TELEMETRY` is set when
it is first imported; Gradio, Chroma and huggingface_hub have switches of their own. Every file that wraps one of them calls this.
"""

from __future__ import annotations

import os

SWITCHES = {
    "ORT_DISABLE_TELEMETRY": "1",
    "ANONYMIZED_TELEMETRY": "False",
    "GRADIO_ANALYTICS_ENABLED": "False",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "DO_NOT_TRACK": "1",
}


def switch_off() -> None:
    """Set every switch, whatever the environment says."""
    os.environ.update(SWITCHES)
