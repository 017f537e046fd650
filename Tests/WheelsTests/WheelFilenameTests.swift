import Testing
import Wheels

@Suite("PEP 427 file names")
struct WheelFilenameTests {
    @Test func partsCanBeAsked() throws {
        let name = try WheelFilename(
            "Zope.Interface-6.1+local_1-2b-cp311.cp312-abi3-manylinux_2_17_x86_64.manylinux2014_x86_64.whl")
        #expect(name.distribution.normalized == "zope-interface" && "\(name.version)" == "6.1+local.1")
        #expect(name.build == .init(number: 2, suffix: "b") && name.stem == "Zope.Interface-6.1+local_1")
        #expect(
            name.tags.map(\.description) == [
                "cp311-abi3-manylinux_2_17_x86_64", "cp311-abi3-manylinux2014_x86_64",
                "cp312-abi3-manylinux_2_17_x86_64", "cp312-abi3-manylinux2014_x86_64",
            ])
        #expect(try WheelFilename("a-1.0-PY3-none-any.whl").tags == WheelTag.expand("py3-none-any"))
        #expect(try WheelFilename("a-1.0-py3-none-any.whl").build == nil)
    }

    @Test(
        "is refused, and the sentence says why",
        arguments: [
            ("a-1.0-py3-none-any.zip", ".whl"), ("a-1.0-py3-none.whl", "4 parts"),
            ("a-b-1-1-py3-none-any.whl", "7 parts"),
            ("a-1.0-x-py3-none-any.whl", "build number 'x'"), ("a__b-1.0-py3-none-any.whl", "'a__b'"),
            ("-1.0-py3-none-any.whl", "project name"), ("a-x-py3-none-any.whl", "'x' is no version"),
            ("a-1.0-py3--any.whl", "''"), ("a-1.0-py3.-none-any.whl", "''"),
            ("a-1.0-3py-none-any.whl", "digit"),
            ("a-1.0-py3-none-any/..whl", "'any/'"), ("a-1.0-py3-none-a/y.whl", "'a/y'"),
            ("../a-1.0-py3-none-any.whl", "'../a'"),
            ("a- 1.0-py3-none-any.whl", "' 1.0'"), ("ä-1.0-py3-none-any.whl", "'ä'"), ("", ".whl"),
            ("a-1.0-py3-none-any\0.whl", "tag part"),
            ("a-1.0-99999999999999999999-py3-none-any.whl", "build number"),
        ])
    func refuses(text: String, words: String) {
        let sentence = reason { () throws(WheelError) in try WheelFilename(text) }
        #expect(sentence?.contains(words) == true, "\(sentence ?? "accepted")")
    }

    @Test func aTagBombIsRefused() {
        let many = (0..<90).map { "a\($0)" }.joined(separator: ".")
        #expect(
            reason { () throws(WheelError) in try WheelTag.expand("\(many)-\(many)-\(many)") }?.contains(
                "10,000") == true)
        #expect(reason { () throws(WheelError) in try WheelTag.expand("\(many)-\(many)-any") } == nil)
    }
}
