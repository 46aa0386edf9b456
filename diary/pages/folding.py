"""A long text stands folded."""

from itertools import accumulate

LINES, WIDTH = 4, 46  # as many lines of a text stand open, of so many characters on a phone


def folded(text: str) -> tuple[str, str]:
    """Return the four lines of a long text that stand open, and the rest; a short text whole."""
    lines = text.split("\n")
    ends = [*accumulate(-(-max(len(line), 1) // WIDTH) for line in lines)]
    if ends[-1] <= LINES + 1:  # no fold for the sake of one line
        return text, ""
    whole = sum(end <= LINES for end in ends)
    head, left = lines[:whole], LINES - (ends[whole - 1] if whole else 0)
    first = lines[whole]
    if not left:
        return "\n".join(head), "\n".join(lines[whole:])
    cut = first.rfind(" ", 0, left * WIDTH)
    cut = cut if cut > 0 else left * WIDTH
    rest = [first[cut:].lstrip(), *lines[whole + 1 :]]
    return "\n".join([*head, first[:cut]]), "\n".join(rest)
