"""The commands of `dateline`, by what they do to a home. Each returns its exit code; errors are raised, and shown in `ui.cli`."""
