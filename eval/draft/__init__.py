"""Cases proposed from the articles, for a person to review: questions made of sentences by rules, and kept where the answer is found.

    twins      the same question of something that the articles do not hold
    proposing  goes through a home, asks each question, and keeps what is answered right

The questions themselves are made in `rag.drafting`. Rules make stiff questions, and some that make no sense; so each case says
`"reviewed": false` until a person has looked at it. How many are sensible was counted by hand: docs/eval.md.
"""
