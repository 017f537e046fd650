import Conda
import Digests
import TestSupport
import Testing

@Suite("Match specs (CEP 29)")
struct MatchSpecTests {
    /// A spec, and its canonical text.
    @Test(arguments: [
        ("numpy", "numpy"), (" NumPy ", "numpy"), ("numpy *", "numpy"), ("numpy * *", "numpy"),
        ("numpy=1.8", "numpy=1.8"), ("numpy =1.8", "numpy=1.8"), ("numpy 1.8.*", "numpy=1.8"),
        ("numpy 1.8.* *", "numpy=1.8"), ("numpy=1.8.*=*", "numpy=1.8"), ("numpy ==1.8.* *", "numpy=1.8"),
        ("numpy[version=1.8.*]", "numpy=1.8"), ("numpy[version=\"1.8.*\"]", "numpy=1.8"),
        ("numpy 1.8", "numpy==1.8"), ("numpy==1.8", "numpy==1.8"), ("numpy=1.8=*", "numpy==1.8"),
        ("numpy ==1.8 *", "numpy==1.8"), ("numpy[version=1.8]", "numpy==1.8"),
        ("numpy 1.8 py27_0", "numpy==1.8=py27_0"), ("numpy=1.8=py27_0", "numpy==1.8=py27_0"),
        ("numpy =1.8=py27_0", "numpy==1.8=py27_0"), ("numpy==1.8=py27_0", "numpy==1.8=py27_0"),
        ("numpy =1.8 py27_0", "numpy==1.8=py27_0"), ("numpy[version=1.8,build=py27_0]", "numpy==1.8=py27_0"),
        ("numpy 1.8  py27_*", "numpy==1.8[build=py27_*]"), ("numpy=1.8.*=py27_0", "numpy=1.8[build=py27_0]"),
        ("numpy * py27_0", "numpy[build=py27_0]"), ("numpy =*=py27_0", "numpy[build=py27_0]"),
        ("numpy>=1.8,<2", "numpy[version='>=1.8,<2']"),
        ("numpy >= 1.8 , < 2 py*", "numpy[version='>=1.8,<2',build=py*]"),
        ("numpy >=1.8 =py27_0", "numpy[version='>=1.8',build=py27_0]"),
        ("numpy!=1.8", "numpy[version='!=1.8']"),
        ("numpy 1.8|1.9.*", "numpy[version='==1.8|1.9.*']"),
        ("numpy (>=1,<2)|3", "numpy[version='>=1,<2|==3']"),
        ("numpy ~=1.8.1", "numpy[version='~=1.8.1']"), ("numpy ^1\\.[0-9]$", "numpy[version='^1\\.[0-9]$']"),
        ("conda-forge::foo[version=1.0.*]", "conda-forge::foo=1.0"),
        ("conda-forge/linux-64::foo>=1.0", "conda-forge/linux-64::foo[version='>=1.0']"),
        ("*/linux-64::foo>=1.0", "foo[subdir=linux-64,version='>=1.0']"),
        ("conda-forge:space:foo", "conda-forge::foo"), ("space:foo", "foo"),
        ("pkgs/main::foo", "pkgs/main::foo"),
        ("https://h.example/a/b/noarch::foo 1", "https://h.example/a/b/noarch::foo==1"),
        ("https://h.example:8080/a/::foo", "https://h.example:8080/a::foo"),
        ("conda-*::foo", "foo[channel=conda-*]"),
        ("foo[channel=x,subdir='linux-*']", "x::foo[subdir=linux-*]"),
        ("a::foo[channel='b/win-64']", "b/win-64::foo"), ("foo[subdir=noarch]", "foo[subdir=noarch]"),
        ("py*", "py*"), ("*", "*"), ("^py[a-z]*$", "^py[a-z]*$"), ("*[build='py27_*']", "*[build=py27_*]"),
        ("foo[build_number='>=3']", "foo[build_number='>=3']"),
        ("foo[build_number=\"==3\"]", "foo[build_number=3]"),
        ("foo[build_number=1*]", "foo[build_number=1*]"), ("foo[build_number=*]", "foo"),
        ("foo[license=MIT,license_family='BSD 3']", "foo[license=MIT,license_family='BSD 3']"),
        ("foo[track_features='b a',features=c]", "foo[track_features='a b',features=c]"),
        (
            "foo[fn=foo-1-0.conda , url='https://h.example/x']",
            "foo[url=https://h.example/x,fn=foo-1-0.conda]"
        ),
        ("foo[build='^h(1|2)_0$']", "foo[build='^h(1|2)_0$']"),
        ("foo[license='it\\'s']", "foo[license=\"it's\"]"),
        ("foo[license=\"a\\\"b\"]", "foo[license='a\"b']"),
        ("foo 1.0[version=2.0]", "foo==2.0"), ("foo[name=bar]", "foo"), ("foo 1.0 # why", "foo==1.0"),
        ("foo[version=1] # why", "foo==1"), ("foo[optional]", "foo[optional=True]"),
        ("foo (optional=True)", "foo[optional=True]"),
        ("foo[version=1](target=bar,optional)", "foo==1[optional=True,target=bar]"),
        ("foo[extras=[a, 'b']]", "foo[extras=[a,b]]"), ("foo[extras=a]", "foo[extras=[a]]"),
        ("foo[flags=[\"cuda\",\"blas:*\"]]", "foo[flags=[cuda,blas:*]]"),
        ("foo[when='__unix']", "foo[when='__unix']"),
        (
            "foo[when=\"python >=3.9 and (__linux or a[build='b_c'])\"]",
            "foo[when=\"python[version='>=3.9'] and (__linux or a[build=b_c])\"]"
        ),
        ("foo[when='(a or b) or (c and d) and e']", "foo[when='a or b or c and d and e']"),
        ("foo[when='a=1 or b and c']", "foo[when='a=1 or b and c']"),
        ("foo[version=1 build=2]", "foo==1=2"), ("foo[]", "foo"),
    ])
    func writesTheCanonicalText(_ text: String, _ canonical: String) throws {
        let spec = try MatchSpec(text)
        #expect(spec.description == canonical)
        #expect(try MatchSpec(spec.description) == spec)
    }

    @Test(arguments: [
        "", " ", "# why", "=1", ">=1", "::foo", ":::foo", "foo=", "foo==", "foo >=", "foo 1.2,", "foo ,",
        "foo =>1",
        "foo ===1", "foo <>1", "fo/o", "f\u{e9}e", "foo@", "@foo", "fo\u{0}o", "foo 1.2 3 4", "foo 1.2 h-1",
        "foo 1.2 a|b", "foo 1..2", "foo if bar", "foo 1 if bar", "foo; if bar", "foo;if bar",
        "ray[default,data] >=2",
        "foo[default]", "foo[version]", "foo[version=]", "foo[version='']", "foo[version=1", "foo]",
        "foo[version='1]",
        "foo[=1]", "foo[bogus=1]", "foo[version=1,version=1]", "foo[version=1][build=2]", "a[linux-64]::foo",
        "foo[,=]",
        "[version=1]", "foo[md5=xyz]", "foo[md5=d41d8cd98f00b204e9800998ecf8427]", "foo[sha256=00]",
        "foo[build='a b']",
        "foo[build_number=x]", "foo[build_number='>1,<3']", "foo[build_number=]", "foo[build_number=-1]",
        "foo[build='^(?!x).*$']", "foo[build='^a(b$']", "foo[license=a'b]", "foo[extras=[a]",
        "foo[extras=[A]]",
        "foo[extras=[]]", "foo[extras=[a b]]", "foo[flags=[a-b]]", "foo[when='']", "foo[when='a and']",
        "foo[when='(a']", "foo[when='a)']", "foo[when='and']", "foo[when='a[when=b]']", "foo[when='a >=']",
        "https://h.example/ch:foo", "https://h.example/ch/linux-64/foo.conda", "./foo-1-0.conda",
        "https://h.example/linux-64/foo-1-0.conda#123", "https://h.example/linux-64/fo*o-1-0.conda",
        "https://h.example/linux-64/foo-1..2-0.conda", String(repeating: "a", count: 10_000),
        "foo " + String(repeating: "1|", count: 5_000),
    ])
    func refuses(_ text: String) throws {
        let failure = try #require(failure { _ = try MatchSpec(text) })
        #expect(failure.description.hasPrefix("the match spec '"))
    }

    @Test func saysWhatIsWrong() {
        let sentences = [
            "ray[default,data] >=2": "the one pair of brackets stands at the end",
            "foo 1.2 3": nil, "^[a-z]$[version=1]": nil,
            "foo[build=a version]": "the key 'version' wants a value",
            "foo 1.2,": "'1.2,': a version is missing beside ',' or '|'",
            "foo 1..2": "'1..2': something is missing between, before or after its separators",
            "foo if bar": "a condition is written [when='…'] (CEP 43)",
            "https://h.example/ch:foo": "channel and name are separated by '::'",
        ]
        for (text, reason) in sentences {
            let found = failure { _ = try MatchSpec(text) }
            #expect((found as? CondaError)?.reason == reason, "\(text)")
        }
    }
}
