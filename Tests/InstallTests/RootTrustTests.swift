import Bundle
import Failures
import Files
import Install
import TestSupport
import Testing
import Trust

/// Whom a root trusts.
@Suite(.enabled(if: HostPython.isThere, "there is no /usr/bin/python3")) struct RootTrustTests {
    let scene = RootScene()
    static let list = Array(
        "release@example.org ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGPZfEvkWVG6WwKlFYbsWCbRUEKNUKxgrCBIUFVJXTa8\n"
            .utf8)

    private func remember() throws {
        try scene.put(".airlift/allowed_signers", String(decoding: Self.list, as: UTF8.self))
        try scene.put(
            ".airlift/root.json",
            #"{"airlift":1,"name":"quickstart","serial":2026100300000,"trust":{"threshold":1}}"#)
    }

    @Test func `a bundle that nobody of them signed is refused, and the root stays as it is`() throws {
        try scene.install("2026.10.03")
        try remember()
        let before = try scene.landing.snapshot()
        let bundle = try scene.bundle("2026.11.21")
        #expect(failure { try scene.install(bundle) }?.kind == .trust)
        #expect(try scene.landing.snapshot() == before)
    }

    @Test func `a list that is gone is asked for`() throws {
        try scene.install("2026.10.03")
        try remember()
        try Directory.open(scene.path).remove(RelativePath(".airlift/allowed_signers"))
        let bundle = try scene.bundle("2026.11.21")
        let error = failure { try scene.install(bundle) }
        #expect(error?.kind == .trust && error?.description.contains("--trust FILE") == true)
    }

    @Test func `who asks for it may forget it`() throws {
        try scene.install("2026.10.03")
        try remember()
        try scene.install(scene.bundle("2026.11.21")) { $0.trust = .forgotten }
        #expect(try scene.root().state()?.trust == nil)
        #expect(try !scene.names(".airlift").contains("allowed_signers"))
        try scene.install("2026.12.01")
    }

    @Test func `damaged state of the root is named`() throws {
        try scene.install("2026.10.03")
        let bundle = try scene.bundle("2026.11.21")
        for text in ["", "{}", #"{"airlift":2,"name":"quickstart"}"#, "nonsense"] {
            try scene.put(".airlift/root.json", text)
            let error = failure { try scene.install(bundle) }
            #expect(error?.kind == .damaged && error?.description.contains("root.json") == true, "\(text)")
        }
    }
}
