"""Memos: answers written down so that they can be handed on, and checked again by whoever gets them.

`data` says what a memo is, `told` what a reader sees of it, `page` and `markdown` write that down, `files` writes and reads all three
forms; `verify` checks a memo by itself (`inside`, `checked`) and against a home (`against`).
"""
