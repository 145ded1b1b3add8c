#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""tests/check_layers.py on small made-up projects: it is content with a sound one, and complains about
each that has one thing wrong. Ends with `N passed, N failed`."""
import pathlib
import sys
import tempfile

import check_layers
import cpp_names
import weir_runs

LICENCE = "// SPDX-License-Identifier: Apache-2.0\n"
TABLE = """# Architecture

| layer | may include | public headers | threads |
|---|---|---|---|
| `base` | | `result` | yes |
| `field` | `base` | `field` | |
| `cli` | everything above | | |
"""
SOUND = {
    "docs/architecture.md": TABLE,
    "CMakeLists.txt": "# SPDX-License-Identifier: Apache-2.0\nset(WEIR_LAYERS base\n  field)\n"
                      "set(WEIR_THREADED_LAYERS base)  # a comment with set(WEIR_LAYERS nothing)\n",
    "run": "#!/bin/sh\n# SPDX-License-Identifier: Apache-2.0\n",
    "test": "#!/bin/sh\n# SPDX-License-Identifier: Apache-2.0\n",
    ".ci/run": "#!/bin/sh\n# SPDX-License-Identifier: Apache-2.0\n",
    "include/weir/result.hpp": LICENCE + "namespace weir { class Error {}; }\n",
    "include/weir/field.hpp": LICENCE + '#include "weir/result.hpp"\nnamespace weir { struct Field; }\n',
    "src/base/protocol.hpp": LICENCE + "namespace weir::base { inline constexpr int kTcp = 6, kMore = 1;\n"
                             "inline constexpr std::uint8_t kUdp = 17;\n"
                             "inline constexpr int kFirstPort = 32'768;\n"
                             "inline constexpr std::int64_t kSecondsOfDay = 86'400; }\n",
    "src/base/hash.hpp": LICENCE + "namespace weir::base { inline int f(int n) { return n * 0x9e37'79b9'7f4aU; } }\n",
    "src/field/row.hpp": LICENCE + '#include "base/hash.hpp"\nnamespace weir::field { struct Row {}; }\n'
                         "namespace weir { struct Field {}; }\n",
    "src/field/row.cpp": LICENCE + '#include "field/row.hpp"\nnamespace weir::field::kernel { namespace { } }\n',
    "src/field/row_test.cpp": LICENCE + '#include "cli/verbs.hpp"\nnamespace weir::field { namespace { } }\n',
    "src/field/field_testing.hpp": LICENCE + "namespace weir::field_testing { struct Row {}; }\n",
    "src/cli/verbs.hpp": LICENCE + '#include "field/row.hpp"\nnamespace weir::cli { struct Row; }\n',
}
# What is wrong, the file that is made so, its text below the licence, and what has to be said, or
# None where all is well.
PROJECTS = (
    ("sound", "src/base/x.cpp", "", None),
    ("no table", "docs/architecture.md", "", "the table of layers is gone"),
    ("a row too few", "docs/architecture.md",
     TABLE.replace("| `field` | `base` | `field` | |\n", ""),
     "src/field/row.cpp: the table in docs/architecture.md does not have it"),
    ("a row out of order", "docs/architecture.md",
     TABLE.replace("| `base` | | `result`", "| `base` | `field` | `result`"),
     "base may include field, which is not above it"),
    ("a layer that is not built", "CMakeLists.txt",
     SOUND["CMakeLists.txt"].replace("\n  field", ""),
     "WEIR_LAYERS is base, but the table in docs/architecture.md says base field"),
    ("layers built in another order", "CMakeLists.txt",
     SOUND["CMakeLists.txt"].replace("base\n  field", "field base"),
     "WEIR_LAYERS is field base,"),
    ("threads that nobody looks at", "CMakeLists.txt",
     SOUND["CMakeLists.txt"].replace("THREADED_LAYERS base", "THREADED_LAYERS"), "WEIR_THREADED_LAYERS is not set"),
    ("an include upwards", "src/base/x.cpp", '#include "field/row.hpp"\n',
     "src/base/x.cpp:2: base must not include field"),
    ("an include of a public header upwards", "src/base/x.cpp", '  #  include "weir/field.hpp"\n',
     "base must not include field (weir/field.hpp)"),
    ("an include of nothing known", "src/base/x.cpp",
     '#include "elsewhere/x.hpp"\n', "is neither weir/..."),
    ("a folder without a row", "src/more/x.cpp", LICENCE, "src/more/x.cpp: the table"),
    ("another folder's namespace", "src/base/x.cpp", "namespace weir::field { struct Row; }\n",
     "src/base/x.cpp:2: opens weir::field; the folder's own is weir::base"),
    ("another folder's namespace inside", "src/base/x.cpp",
     "namespace weir {\nnamespace field {}\n}\n",
     "src/base/x.cpp:3: opens weir::field"),
    ("another folder's namespace in a test", "src/base/x_test.cpp", "namespace weir::field {}\n",
     "opens weir::field"),
    ("a namespace whose name begins alike", "src/base/x.cpp", "namespace weir::basement {}\n",
     "opens weir::basement"),
    ("a namespace of its own", "src/cli/x.cpp", "namespace std {}\n", "opens std"),
    ("no namespace around a nameless one", "src/cli/x.cpp", "namespace {}\n",
     "opens a nameless namespace outside of weir"),
    ("inside of a public header", "include/weir/result.hpp", "namespace weir::base {}\n",
     "include/weir/result.hpp:2: opens weir::base; the folder's own is weir"),
    ("the name of another header for tests", "src/cli/x_testing.hpp",
     "namespace weir::field_testing {}\n",
     "opens weir::field_testing"),
    ("an alias of a namespace", "src/base/x.cpp", "namespace f = weir::field;\n", None),
    ("one type twice", "src/field/x.hpp",
     "namespace weir::field {\nclass Row final : public Base {};\n}\n",
     "src/field/x.hpp:3: weir::field::Row is defined in src/field/row.hpp:3 too"),
    ("a public type twice", "src/base/x.hpp", "namespace weir { struct Error { }; }\n",
     "weir::Error is defined in include/weir/result.hpp:2 too"),
    ("one alias and one type", "src/field/x.hpp", "namespace weir::field { using Row = int; }\n",
     "weir::field::Row is defined"),
    ("one constant twice", "src/base/x.hpp",
     "namespace weir::base { inline constexpr int kUdp{18}; }\n",
     "weir::base::kUdp is defined"),
    ("twice in one header", "src/cli/x.hpp",
     "namespace weir::cli { enum class A { b };\nenum A : int { c }; }\n",
     "src/cli/x.hpp:3: weir::cli::A is defined in src/cli/x.hpp:2 too"),
    ("twice in headers for tests", "src/field/x/field_testing.hpp",
     "namespace weir::field_testing { struct Row {}; }\n", "weir::field_testing::Row is defined"),
    ("declared again", "src/field/x.hpp",
     "namespace weir::field { struct Row; enum class Kind : int; }\n", None),
    ("the same name elsewhere", "src/base/x.hpp",
     "namespace weir::base { struct Row {}; }\n", None),
    ("members and locals", "src/field/x.hpp",
     "namespace weir::field { struct Other { struct Row {}; };\n"
     "inline void f() { struct Row {}; constexpr int kRow = 1; } struct Row g(); }\n", None),
    ("overloads and specialisations", "src/field/x.hpp",
     "namespace weir::field { template <typename T> struct S {};\ntemplate <> struct S<int> {};\n"
     "void f(int n = 3); void f(long); inline bool operator==(S<int>, S<int>) { return true; }\n"
     "constexpr int g() { return 1; } constexpr int g(int) { return 2; } }\n", None),
    ("a protocol under its name", "src/cli/x.cpp", "static constexpr int kUdp = 17;\n",
     "src/cli/x.cpp:2: kUdp is kUdp of src/base/protocol.hpp"),
    ("a protocol under a longer name", "src/cli/x.cpp",
     "constexpr std::uint8_t kUdpNumber{0x11};\n",
     "kUdpNumber is kUdp of src/base/protocol.hpp"),
    ("a small number that is another", "src/cli/x.cpp", "constexpr int kColumns = 17;\n", None),
    ("a protocol in a test", "src/cli/x_test.cpp", "constexpr int kUdp = 17;\n", None),
    ("a large number under another name", "src/cli/x.cpp",
     "int f() { constexpr int day = 86400; }\n",
     "src/cli/x.cpp:2: day is kSecondsOfDay of src/base/protocol.hpp"),
    ("a power of two that is another", "src/cli/x.cpp", "constexpr int kSlots = 0x8000;\n", None),
    ("a factor of hashes", "src/cli/x.cpp",
     "int n = 0x9E3779B97F4A;\n", "has its name in src/base/hash.hpp"),
    ("a number in a text or a comment", "src/cli/x.cpp", 'auto x = "86400";  // 86400\n', None),
    ("no licence", "src/cli/x.cpp", "\n\n" + LICENCE, "src/cli/x.cpp: no SPDX line"),
)
# A text, and the names that it defines at namespace scope.
TEXTS = (
    ("using A = int; using b::C; using namespace d;", ["A"]),
    ("template <typename T, typename U = V<W<T>> > class [[nodiscard]] A : B<T> { int c() { return 1; } };", ["A"]),
    ("struct alignas(64) A { }; struct A::B { }; union C { int d; };", ["A", "A::B", "C"]),
    ("enum struct A : std::uint8_t { b, c }; enum D { e };", ["A", "D"]),
    ("inline constexpr std::array<int, 2> kA = {1, 2}; constexpr auto kB = [](int n) { return n; };", ["kA", "kB"]),
    ("inline constexpr std::string_view kA[] = {\"}\", R\"x(;})\")x\"}; const int kB = 1;", ["kA", "kB"]),
    ("extern const int kA; extern \"C\" { struct B { }; } inline namespace c { struct D { }; }", ["B", "D"]),
    ("inline A::A(int b) : b_{b}, c_{1} { d(); } struct E { };", ["E"]),
    ("A& A::operator=(A&& b) { return *this; } struct C { };", ["C"]),
    ("auto a(int n) -> B { if (n == '}') { } } struct C { };", ["C"]),
    ("#define A \\\n struct B { };\nstruct C { };  /* struct D { }; */", ["C"]),
    ("inline constexpr int kA = 1'000'000; struct B { char c = '\\''; };", ["kA", "B"]),
)


def complaints_of(changed, text):
    if changed.startswith(("src/", "include/")) and LICENCE not in text:
        text = LICENCE + text
    with tempfile.TemporaryDirectory() as folder:
        root = pathlib.Path(folder)
        for name, content in (SOUND | {changed: text}).items():
            path = root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content, encoding="utf-8")
        return check_layers.complaints_about(root)


def main():
    tally = weir_runs.Tally()
    for why, changed, text, expected in PROJECTS:
        said = complaints_of(changed, text)
        if expected is None:
            tally.same(why, "", "\n".join(said))
        else:
            tally.same(f"{why}: {said}", True, any(expected in line for line in said))
    for text, names in TEXTS:
        tally.same(text, names, [found.name for found in cpp_names.definitions(text)])
    return tally.finish()


if __name__ == "__main__":
    sys.exit(main())
