import Testing

@testable import Lock

@Suite("An address in a foreign lock")
struct ForeignAddressTests {
    @Test(
        "is kept without what is secret",
        arguments: [
            ("https://ann:secret@h.example/c/noarch/a-1-0.conda", "https://h.example/c/noarch/a-1-0.conda"),
            ("https://secret@h.example:8443/a-1-0.conda", "https://h.example:8443/a-1-0.conda"),
            ("https://ann:se/secret@h.example/a-1-0.conda", "https://h.example/a-1-0.conda"),
            ("https://ann:s@secret@h.example/a-1-0.conda", "https://h.example/a-1-0.conda"),
            ("https://h.example/t/tk-secret/c/noarch/a-1-0.conda", "https://h.example/c/noarch/a-1-0.conda"),
            (
                "https://h.example/get/t/secret/c/noarch/a-1-0.conda",
                "https://h.example/get/c/noarch/a-1-0.conda"
            ),
            ("https://${USER}:${PASS}@h.example/t/$SECRET/c/a-1-0.conda", "https://h.example/c/a-1-0.conda"),
            ("git+ssh://secret@h.example/a", "git+ssh://h.example/a"),
        ])
    func secrets(_ text: String, _ clean: String) {
        let address = ForeignAddress(text)
        #expect(address.text == clean)
        #expect(address.hadCredentials)
        #expect(address.shown == clean)
        #expect(ForeignAddress.scrubbed("in '\(text)' and (\(text)").contains("secret") == false)
    }

    @Test(
        "without any is kept as it is",
        arguments: [
            "https://h.example/c/noarch/a-1-0.conda", "https://h.example/t/linux-64/a-1-0.conda",
            "https://h.example/t/noarch/a-1-0.conda", "https://h.example/t/a-1-0.conda",
            "file:///t/x/y/a-1-0.conda",
            "/t/x/y/a-1-0.conda", "t/x/y@z/a-1-0.conda", "https://h.example/@scope/a-1-0.conda",
            "https://[::1]:8080/a-1-0.conda", "E:\\channel\\a-1-0.conda", "",
        ])
    func plain(_ text: String) {
        #expect(ForeignAddress(text).text == text)
        #expect(!ForeignAddress(text).hadCredentials)
        #expect(ForeignAddress.scrubbed(text) == text)
    }

    @Test("is shown without its query, which is kept for fetching")
    func query() {
        let address = ForeignAddress("https://h.example/a-1-0.conda?X-Signature=secret#frag")
        #expect(address.text == "https://h.example/a-1-0.conda?X-Signature=secret")
        #expect(address.shown == "https://h.example/a-1-0.conda?…")
        #expect(address.fragment == "frag")
        #expect(address.filename == "a-1-0.conda")
    }

    @Test("gives no file name that a file cannot have")
    func filenames() {
        for text in [
            "https://h/", "https://h/..", "https://h/a%2Fb", "https://h/a%00b", "https://h/%FF", "", "/",
        ] {
            #expect(ForeignAddress(text).filename == nil, "\(text)")
        }
        #expect(ForeignAddress("https://h/" + String(repeating: "a", count: 256)).filename == nil)
        #expect(ForeignAddress("https://h/a%2Bb").filename == "a+b")
        #expect(ForeignAddress("./a%2Bb").filename == "a%2Bb")
    }

    @Test("tells the channel and the platform")
    func channel() {
        let address = ForeignAddress("https://h/get/forge/label/dev/linux-aarch64/a-1-0.conda?x=y")
        #expect(address.channel == "https://h/get/forge/label/dev")
        #expect(address.subdir == "linux-aarch64")
        #expect(ForeignAddress("https://h/forge/a-1-0.conda").channel == nil)
        #expect(ForeignAddress("c/linux-64/a-1-0.conda").channel == nil)
    }
}
