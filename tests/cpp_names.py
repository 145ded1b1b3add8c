# SPDX-License-Identifier: Apache-2.0
"""What tests/check_layers.py must know of C++: the namespaces that a file opens, and the types,
aliases and constants that it defines in them. It reads tokens, not grammar, which is enough for
code in the style of this project and takes no compiler."""
import collections
import re

Token = collections.namedtuple("Token", "text line")
Namespace = collections.namedtuple("Namespace", "name line")  # "" is the global one
Definition = collections.namedtuple("Definition", "namespace name line")
Constant = collections.namedtuple("Constant", "name value line")
Literal = collections.namedtuple("Literal", "text value line")

SKIPPED = re.compile(
    r"""//[^\n]*|/\*.*?\*/                       # comments
      | ^[ \t]*\#(?:[^\n\\]|\\.)*                # lines of the preprocessor, continued ones too
      | (?:u8|[uUL])?R"([^(\s]*)\(.*?\)\1"       # raw strings
      | "(?:[^"\\\n]|\\.)*"                      # strings
      | (?<![0-9a-fA-F])'(?:[^'\\\n]|\\.)+'      # characters, not the ' inside of numbers
    """,
    re.DOTALL | re.MULTILINE | re.VERBOSE,
)
TOKEN = re.compile(r"[A-Za-z_]\w*|\.?\d(?:'?[\w.])*|::|->|<=>|[-+*/%&|^!=<>]=|&&|\|\||[^\s\w]")
INTEGER = re.compile(r"(0[xX][0-9a-fA-F]+|\d+)[uUlLzZ]*")
NAMED = re.compile(
    r"\bconstexpr\b[^;={}()]*?\b([A-Za-z_]\w*)\s*[={]\s*([0-9][\w']*)\s*\}?\s*;"
)


def without_comments(text):
    """The text with comments, strings and directives blanked; lines keep their numbers."""
    return SKIPPED.sub(lambda match: " " + "\n" * match.group().count("\n"), text)


def tokens_of(text):
    tokens = []
    for number, line in enumerate(without_comments(text).split("\n"), 1):
        tokens += [Token(word, number) for word in TOKEN.findall(line)]
    return tokens


def value_of(literal):
    """The value of an integer literal, or None."""
    match = INTEGER.fullmatch(literal.replace("'", ""))
    return int(match.group(1), 16 if match.group(1)[:2] in ("0x", "0X") else 10) if match else None


def literals(text):
    """The integer literals of a text."""
    found = (Literal(token.text, value_of(token.text), token.line) for token in tokens_of(text))
    return [literal for literal in found if literal.value is not None]


def number_constants(text):
    """The constexpr names of a text, in any scope, whose value is an integer literal."""
    bare = without_comments(text)
    found = []
    for match in NAMED.finditer(bare):
        value = value_of(match.group(2))
        if value is not None:
            found.append(Constant(match.group(1), value, bare.count("\n", 0, match.start(1)) + 1))
    return found


def opened_namespaces(text):
    """The full name of each namespace that a text opens; an unnamed one counts as what it is in."""
    tokens = tokens_of(text)
    found = []
    scopes = [""]
    index = 0
    while index < len(tokens):
        word, line = tokens[index]
        if word == "namespace":
            name, after = qualified_name(tokens, index + 1)
            if after < len(tokens) and tokens[after].text == "{":
                scopes.append(inside(scopes[-1], name))
                found.append(Namespace(scopes[-1], line))
                index = after
        elif word == "{":
            scopes.append(scopes[-1])
        elif word == "}" and len(scopes) > 1:
            scopes.pop()
        index += 1
    return found


def inside(outer, name):
    return "::".join(part for part in (outer, name) if part)


def qualified_name(tokens, index):
    """`a::b` from a place on, and the place after it."""
    begin = index
    while index < len(tokens) and re.fullmatch(r"\w+|::", tokens[index].text):
        index += 1
    return "".join(token.text for token in tokens[begin:index]), index


def after_bracket(tokens, index):
    """The place after the bracket that closes the one at a place."""
    opening = tokens[index].text
    closing = {"{": "}", "(": ")", "[": "]", "<": ">"}[opening]
    depth = 0
    while index < len(tokens):
        if tokens[index].text == opening:
            depth += 1
        elif tokens[index].text == closing:
            depth -= 1
        index += 1
        if depth == 0:
            break
    return index


def definitions(text):
    """The types, aliases and constants that a text defines at namespace scope. Declarations,
    functions, and specialisations of templates do not count."""
    tokens = tokens_of(text)
    found = []
    scopes = [""]
    index = 0
    while index < len(tokens):
        word = tokens[index].text
        if word == "}" and len(scopes) > 1:
            scopes.pop()
            index += 1
        elif word == "inline" and tokens[index + 1].text == "namespace":
            index += 1
        elif word == "namespace":
            name, after = qualified_name(tokens, index + 1)
            if after < len(tokens) and tokens[after].text == "{":
                scopes.append(inside(scopes[-1], name))
            index = after + 1
        elif word == "extern" and index + 1 < len(tokens) and tokens[index + 1].text == "{":
            scopes.append(scopes[-1])  # extern "C" {
            index += 2
        else:
            head, index = statement(tokens, index)
            name = defined_name(head)
            if name:
                found.append(Definition(scopes[-1], name.text, name.line))
    return found


def statement(tokens, index):
    """The tokens of a declaration, the insides of its braces and parentheses left out, and the
    place after it."""
    head = []
    while index < len(tokens):
        token = tokens[index]
        if token.text == "}":
            return head, index  # of the namespace: what stood before it was a macro
        index += 1
        if token.text == ";":
            return head, index
        head.append(token)
        if token.text in "([":
            index = after_bracket(tokens, index - 1)
        elif token.text == "{":
            index = after_bracket(tokens, index - 1)
            following = tokens[index].text if index < len(tokens) else ""
            if is_function(head) and following not in (",", "{"):  # those follow `member{value}`
                return head, index
    return head, index


def without_template(head):
    """A declaration without `template <...>`, attributes and `alignas()`."""
    while head and head[0].text == "template":
        head = head[after_bracket(head, 1):]
    words = []
    for place, token in enumerate(head):
        previous = head[place - 1].text if place else ""
        if token.text in ("[", "alignas") or (token.text == "(" and previous == "alignas"):
            continue
        words.append(token)
    return words


def is_function(head):
    words = [token.text for token in without_template(head)]
    if "(" not in words:
        return False
    before = words[:words.index("(")]
    return "=" not in before or "operator" in before


def defined_name(head):
    """The token that names what a declaration defines, or None."""
    head = without_template(head)
    words = [token.text for token in head]
    if not words:
        return None
    if words[0] == "using":
        return head[1] if words[2:3] == ["="] else None
    if words[0] in ("class", "struct", "union", "enum"):
        return type_name(head) if "{" in words else None
    if is_function(head) or not {"constexpr", "const", "constinit"} & set(words):
        return None
    ends = [words.index(end) for end in ("=", "{") if end in words]
    if not ends or min(ends) == 0:
        return None
    name = head[min(ends) - 1]
    return name if re.fullmatch(r"[A-Za-z_]\w*", name.text) else None


def type_name(head):
    begin = 2 if head[0].text == "enum" and head[1].text in ("class", "struct") else 1
    name, after = qualified_name(head, begin)
    if not name or head[after].text not in ("{", ":", "final") and "final" not in name:
        return None  # a specialisation, or nameless
    return Token(name.removesuffix("final"), head[begin].line)
