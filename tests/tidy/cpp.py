"""C++ text as far as the tidy tests read it: without a compiler, by braces and words."""

import re

_LITERALS = re.compile(
    r'R"([^(]*)\(.*?\)\1"|"(?:\\.|[^"\\\n])*"|(?<![0-9a-fA-F])\'(?:\\.|[^\'\\\n])*\''
    r"|//[^\n]*|/\*.*?\*/",
    re.DOTALL,
)
_TYPE = re.compile(
    r"^(?:template\s*<.*>\s*)?(?:enum\s+class|enum|struct|class|union)\s+"
    r"(?:\[\[[^\]]*\]\]\s*)?([\w:]+)\b(?!\s*[(&*])"
)
_NAMESPACE = re.compile(r"(?:inline\s+)?namespace\s*([\w:]*)$")
_FUNCTION = re.compile(r"\)[^()]*$|\)\s*(?:noexcept\s*)?:[^:]")
_INITIALISERS = re.compile(r"\)\s*(?:noexcept\s*)?:[^:]")
_NOT_A_FUNCTION = re.compile(
    r"^\s*(namespace|class|struct|enum|union|extern|if|for|while|switch|do|else|try|catch|return)\b"
)


def without_literals(text):
    """The same lines with the contents of strings and comments blanked, so that braces can be
    counted."""
    return _LITERALS.sub(lambda found: re.sub(r"[^\n]", " ", found[0]), text)


def blocks(text):
    """(first line, last line, head, heads around it) of everything in braces; a head is the text
    before its brace."""
    text = re.sub(
        r"^[ \t]*#(?:[^\n]*\\\n)*[^\n]*",
        lambda found: re.sub(r"[^\n]", " ", found[0]),
        without_literals(text),
        flags=re.MULTILINE,
    )
    line, opened, start = 1, [], 0
    for at, character in enumerate(text):
        if character == "\n":
            line += 1
        elif character == ";":
            start = at + 1
        elif character == "{":
            opened.append((line, start, " ".join(text[start:at].split())))
            start = at + 1
        elif character == "}" and opened:
            first, before, head = opened.pop()
            if _INITIALISERS.search(head) and text[at + 1 :].lstrip()[:1] in (",", "{"):
                start = before  # `: member_{value}` of a constructor, whose body is still to come
            else:
                yield first, line, head, [around for _, _, around in opened]
                start = at + 1


def _is_function(head):
    return bool(_FUNCTION.search(head)) and not _NOT_A_FUNCTION.match(head)


def functions(text):
    """(first line, number of lines) of every function with a body; lambdas inside are not apart."""
    for first, last, head, around in blocks(text):
        if _is_function(head) and not any(map(_is_function, around)):
            yield first, last - first + 1


def _name_of(head):
    if found := _NAMESPACE.search(head):
        return found[1]
    found = _TYPE.match(re.sub(r"^(?:public|private|protected)\s*:\s*", "", head))
    return found[1] if found else None


def types(text):
    """(line, name with namespaces and types around it) of every type defined here; not those in
    functions."""
    for first, _, head, around in blocks(text):
        if _NAMESPACE.search(head) or _name_of(head) is None or any(map(_is_function, around)):
            continue
        yield first, "::".join(name for name in map(_name_of, [*around, head]) if name)
