import Testing
import Wheels

@Suite("METADATA and WHEEL files")
struct CoreMetadataTests {
    static let flask = """
        Metadata-Version: 2.4\r
        Name: Flask
        Version: 3.1.0
        Summary: A simple framework
        License-Expression: BSD-3-Clause
        License-File: LICENSE.txt
        License: first line
                second line
        Classifier: Framework :: Flask
        classifier: Typing :: Typed
        Requires-Python: >=3.9
        Requires-Dist: Werkzeug>=3.1
        Requires-Dist: asgiref>=3.2
          ; extra == "Async"
        Provides-Extra: async

        Name: not a header, this is the description
        """

    @Test func headersAreRead() throws {
        let metadata = try CoreMetadata(bytes(Self.flask))
        #expect(metadata.metadataVersion == "2.4" && metadata.name.spelling == "Flask")
        #expect("\(metadata.version)" == "3.1.0" && metadata.summary == "A simple framework")
        #expect(metadata.license == "first line\nsecond line" && metadata.licenseExpression == "BSD-3-Clause")
        #expect(metadata.licenseFiles == ["LICENSE.txt"])
        #expect(metadata.classifiers == ["Framework :: Flask", "Typing :: Typed"])
        #expect(metadata.requiresPython == (try specifiers(">=3.9")))
        #expect(
            metadata.requiresDist.map(\.description) == ["Werkzeug>=3.1", #"asgiref>=3.2; extra == "async""#])
        #expect(metadata.providesExtra.map(\.normalized) == ["async"])
    }

    @Test(
        "is refused",
        arguments: [
            ("", "no line 'name'"), ("Name: a\nVersion: 1\n", "'metadata-version'"),
            ("Metadata-Version: 3.0\nName: a\nVersion: 1\n", "1.x and 2.x"),
            ("Metadata-Version: 2.1\nName: a\nName: b\nVersion: 1\n", "2 lines 'name'"),
            ("Metadata-Version: 2.1\nName: a b\nVersion: 1\n", "'a b'"),
            ("Metadata-Version: 2.1\nName: a\nVersion: one\n", "'one'"),
            ("Metadata-Version: 2.1\nName: a\nVersion: 1\nRequires-Python: >=3.6.*\n", ">=3.6.*"),
            ("Metadata-Version: 2.1\nName: a\nVersion: 1\nRequires-Dist: b 1\n", "'b 1'"),
            ("Metadata-Version: 2.1\nName: a\nVersion: 1\nrubbish\n", "'rubbish'"),
            (" folded\nMetadata-Version: 2.1\nName: a\nVersion: 1\n", "'folded'"),
            ("\u{1}\u{2}PK\u{3}", "\\u{1}"),
        ])
    func refuses(text: String, words: String) {
        let found = reasons { try CoreMetadata(bytes(text)) } ?? []
        #expect(found.contains { $0.contains(words) }, "\(found)")
    }

    @Test func allFaultsAreNamedAtOnce() {
        let text = "Metadata-Version: 9\nName: -\nVersion: x\nRequires-Dist: ;\nProvides-Extra: ?\n"
        #expect(reasons { try CoreMetadata(bytes(text)) }?.count == 5)
    }

    @Test func oldBytesThatAreNoUTF8AreNoReasonToRefuse() throws {
        let text = bytes("Metadata-Version: 1.0\nName: a\nVersion: 1\nAuthor: J") + [0xfc] + bytes("rgen\n")
        #expect(try CoreMetadata(text).name.normalized == "a")
        #expect(
            try CoreMetadata([0xef, 0xbb, 0xbf] + bytes("Metadata-Version: 1.0\nName: a\nVersion: 1"))
                .requiresDist == [])
    }

    @Test func wheelFile() throws {
        let info = try WheelInfo(
            bytes(
                "Wheel-Version: 1.0\nGenerator: g (1)\nRoot-Is-Purelib: False\nTag: cp312-cp312-a\nTag: py2.py3-none-any\nBuild: 2\n"
            ))
        #expect(
            info.wheelVersion == "1.0" && !info.rootIsPurelib && info.build == "2"
                && info.generator == "g (1)")
        #expect(info.tags.map(\.description) == ["cp312-cp312-a", "py2-none-any", "py3-none-any"])
        #expect(try WheelInfo(bytes("Wheel-Version: 1.9\nRoot-Is-Purelib: true")).rootIsPurelib)
    }

    @Test(
        "WHEEL is refused",
        arguments: [
            ("Root-Is-Purelib: true\n", "no line 'Wheel-Version'"), ("Wheel-Version: 2.0\n", "2.0"),
            ("Wheel-Version: 1\n", "'1'"), ("Wheel-Version: 1.0\nRoot-Is-Purelib: maybe\n", "'maybe'"),
            ("Wheel-Version: 1.0\nTag: py3\n", "'py3'"),
            ("Wheel-Version: 1.0\nWheel-Version: 1.0\n", "2 lines"), ("", "Wheel-Version"),
        ])
    func wheelFileRefuses(text: String, words: String) {
        let found = reasons { try WheelInfo(bytes(text)) } ?? []
        #expect(found.contains { $0.contains(words) }, "\(found)")
    }
}
