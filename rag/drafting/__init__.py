"""Questions made from the sentences of articles, by rules: what a conversation may begin with, and cases for a person to review.

verbs      past forms of verbs, and their base forms
clauses    a sentence as subject, verb and rest, where it is simple enough
questions  a clause as a question and its answer
"""
