"""A cell that may hold a deadline and other words, in two. Pure."""

from plans.deadlines.grammar import pieces
from plans.deadlines.pieces import Unread
from plans.deadlines.words import LONGEST_PHRASE, phrase


def halves(text: str) -> tuple[tuple[str, str], ...]:
    """Two ways to part a text: a deadline at its beginning and the rest from the first word
    that is none of it; a deadline at its end and what stands before. Nothing where all words
    belong to a deadline, or where the text is too long for one.

    Each is (deadline, rest); whether the first really is a deadline is left to the caller.
    """
    said = phrase(text)
    unread = [words for piece, words in pieces(said) if isinstance(piece, Unread)]
    if not unread or len(text) > LONGEST_PHRASE:
        return ()
    first, last = unread[0][0].start_pos or 0, unread[-1][-1].end_pos or 0
    return ((said.text[:first], said.text[first:]), (said.text[last:], said.text[:last]))
