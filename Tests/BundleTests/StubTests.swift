import Bundle
import Digests
import TestSupport
import Testing

@Suite struct StubTests {
    let stub = Stub(template: BundleBuilder.stubTemplate)

    private func render(_ name: String = "payroll", offset: UInt64 = 8_192, size: UInt64 = 4_096) -> [UInt8] {
        stub.render(
            name: name, version: "2026.11.21", platform: "linux-64",
            installer: .init(offset: offset, size: size, sha256: SHA256.hash("installer")))
    }

    @Test func `it is whole pages, and every placeholder is filled`() {
        let bytes = render()
        let text = String(decoding: bytes, as: UTF8.self)
        #expect(bytes.count == 4_096)
        #expect(
            !text.contains("@NAME@") && !text.contains("@PADDING@") && text.split(separator: "@").count == 2)
        #expect(text.contains("payroll 2026.11.21 for x86_64"))
        #expect(
            text.contains(
                "installer at 00000000000000008192, 00000000000000004096 bytes, \(SHA256.hash("installer"))"))
    }

    @Test func `its length and its last line do not depend on the numbers`() {
        let (small, large) = (render(offset: 0, size: 0), render(offset: .max, size: .max))
        #expect(small.count == large.count)
        #expect(String(decoding: large.suffix(17), as: UTF8.self) == "\nmain \"$@\"; exit\n")
    }

    @Test func `a long template takes further pages`() {
        let long = Stub(template: BundleBuilder.stubTemplate + String(repeating: "# more\n", count: 700))
        let bytes = long.render(
            name: "a", version: "1", platform: "linux-64",
            installer: .init(offset: 0, size: 0, sha256: SHA256.hash([])))
        #expect(bytes.count == 8_192)
    }

    @Test(arguments: [
        ("linux-64", "x86_64"), ("linux-32", "i686"), ("linux-aarch64", "aarch64"),
        ("linux-ppc64le", "ppc64le"),
        ("osx-arm64", "arm64"), ("linux-s390x", "s390x"),
    ])
    func `the machine is what uname says`(platform: String, machine: String) {
        #expect(Stub.machine(of: platform) == machine)
    }
}
