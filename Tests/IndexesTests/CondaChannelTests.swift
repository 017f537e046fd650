import Failures
import Indexes
import TestSupport
import Testing

@Suite struct CondaChannelTests {
    private let directory = TemporaryDirectory()

    private func channel(_ text: String, alias: String? = nil, _ variables: [String: String] = [:]) throws
        -> CondaChannel
    {
        try CondaChannel(text, alias: alias, base: directory.path) { variables[$0] }
    }

    @Test(arguments: [
        ("https://h.example/conda-forge", "https://h.example/conda-forge", nil),
        ("https://h.example/conda-forge/", "https://h.example/conda-forge", nil),
        ("https://h.example/conda-forge/label/dev", "https://h.example/conda-forge/label/dev", nil),
        ("https://h.example/c/linux-64", "https://h.example/c", ["linux-64"]),
        ("https://h.example/c/noarch/", "https://h.example/c", ["noarch"]),
        ("https://h.example/c[linux-64, noarch]", "https://h.example/c", ["linux-64", "noarch"]),
        ("http://u:p@h.example:8080/c", "http://h.example:8080/c", nil),
        ("https://h.example/t/tk-123-abc/c", "https://h.example/c", nil),
        ("https://h.example/pre/t/tk/c/osx-arm64", "https://h.example/pre/c", ["osx-arm64"]),
        ("conda-forge", "https://a.example/x/conda-forge", nil),
        ("conda-forge/label/dev", "https://a.example/x/conda-forge/label/dev", nil),
        ("conda-forge/linux-64", "https://a.example/x/conda-forge", ["linux-64"]),
        ("https://${USER}:${PASSWORD}@h.example/c", "https://h.example/c", nil),
        ("https://h.example/t/${TOKEN}/c", "https://h.example/c", nil),
        ("https://$USER:$PASSWORD@h.example/t/$TOKEN/c", "https://h.example/c", nil),
    ])
    func formsOfAnAddress(_ text: String, _ address: String, _ platforms: [String]?) throws {
        let channel = try channel(
            text, alias: "https://u:p@a.example/t/tok/x/",
            ["USER": "me", "PASSWORD": "p@ss/word", "TOKEN": "tk"])
        #expect(channel.address == address && channel.platforms == platforms)
    }

    /// A value may hold any character, and stands in the address as text of a URL.
    @Test func valuesOfVariablesAreEncoded() throws {
        let toy = try ToyServer([:])
        let channels = try CondaChannels(
            ["https://$USER:${PASSWORD}@h.example/c"], alias: nil, base: "/", fetcher: toy.fetcher
        ) { ["USER": "me", "PASSWORD": "p@ss/w%rd"][$0] }
        #expect(
            channels.fetchLocation(of: "https://h.example/c/noarch/x")
                == "https://me:p%40ss%2Fw%25rd@h.example/c/noarch/x")
    }

    @Test func directoriesAreAddressesToo() throws {
        try directory.write("my chan/noarch/repodata.json", "")
        try directory.write("linux-64/x", "")
        let expected = "file://\(directory.path)/my%20chan"
        for text in [
            "./my chan", "\(directory.path)/my chan/", expected,
            "file://localhost\(directory.path)/my%20chan",
        ] {
            #expect(try channel(text).address == expected)
        }
        #expect(try channel("./my chan/linux-64").address == expected)
        #expect(try channel("./my chan/linux-64").platforms == ["linux-64"])
        #expect(try channel("./my chan[noarch]").platforms == ["noarch"])
        #expect(try channel(".").address == "file://\(directory.path)")
        #expect(try channel("chan", alias: directory.path + "/my chan/..").address.hasSuffix("/chan"))
    }

    @Test(arguments: [
        ("conda-forge", "channel_alias"), ("", "empty"), ("ftp://h/c", "only http, https and file"),
        ("https:///c", "no host"), ("https://h/c?token=SECRET", "no '?'"),
        ("https://h/c#x", "no '?' and no '#'"),
        ("./missing", "missing"), ("file://host/c", "file URL"), ("https://h/c/../d", "'..'"),
        ("https://h/c[nowhere]", "'nowhere'"), ("https://h/c[linux-64", "nothing closes"), ("c]", "']'"),
        ("a b", "no name"),
        ("c:d", "no name"), ("../../x/..;", "x"), ("https://h/${TOKEN}/c", "is recorded"),
        ("https://${HOST}/c", "is recorded"), ("https://h/t/${UNSET}/c", "${UNSET} is not set"),
        ("https://h/$", "does not begin a variable"), ("https://$1@h/c", "does not begin a variable"),
        ("https://h/$c", "is recorded"),
        ("https://u:${PASSWORD/c", "does not begin a variable"),
        ("https://h/c\n", "control"),
    ])
    func refusesWhatIsNoChannel(_ text: String, _ expected: String) {
        let found = failure { _ = try channel(text, ["TOKEN": "SECRET", "HOST": "SECRET"]) }
        #expect(found?.description.contains(expected) == true, "\(found?.description ?? "accepted")")
        #expect(found?.description.contains("SECRET") == false)
    }

    @Test func allThatIsWrongIsSaidAtOnce() throws {
        let toy = try ToyServer([:])
        let found = failure { _ = try toy.channels("a", "ftp://u:SECRET@h/c", toy.url) }
        #expect((found as? FailureList)?.failures.count == 2)
        #expect(found?.description.contains("SECRET") == false)
    }
}
