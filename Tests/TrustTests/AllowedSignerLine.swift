import Testing

/// A list of one line, and what comes of it: here, and with `ssh-keygen -Y verify -I ops@example.org`. `KEY` stands for the
/// key that signed, `OTHER` for another one.
struct AllowedSignerLine: Sendable, CustomTestStringConvertible {
    enum Outcome: Sendable {
        /// The signature counts.
        case counts
        /// The list is read, and the signature does not count.
        case doesNot
        /// The list is refused, with a reason in which these words are.
        case refused(String)
    }

    let line: String
    let here: Outcome
    let isGoodForOpenSSH: Bool

    var testDescription: String { line.isEmpty ? "empty" : line }

    private init(_ line: String, _ here: Outcome, openSSH: Bool) {
        self.line = line
        self.here = here
        isGoodForOpenSSH = openSSH
    }

    private static func same(_ line: String, _ counts: Bool) -> AllowedSignerLine {
        .init(line, counts ? .counts : .doesNot, openSSH: counts)
    }

    private static func wrong(_ line: String, _ words: String) -> AllowedSignerLine {
        .init(line, .refused(words), openSSH: false)
    }

    /// What OpenSSH takes and Airlift does not, or the other way round.
    private static func apart(_ line: String, _ here: Outcome) -> AllowedSignerLine {
        if case .counts = here { return .init(line, here, openSSH: false) }
        return .init(line, here, openSSH: true)
    }

    static let all = principals + options + times + keys

    static let principals = [
        same("ops@example.org KEY", true),
        same("ops@example.org KEY a comment of words", true),
        same("  \tops@example.org \t KEY", true),
        same("*@example.org KEY", true),
        same("dev@example.org,ops@example.org KEY", true),
        same("\"ops@example.org\" KEY", true),
        same("\"a b,ops@example.org\" KEY", true),
        same("ops@\"example.org\" KEY", true),
        same("ops@example.org\r KEY\r", true),
        wrong("# ops@example.org KEY", "lists nobody"),
        wrong("\"ops@example.org KEY", "no closing one"),
        wrong("ops@example.org", "no key"),
        wrong("KEY", "no key"),
        wrong("!ops@example.org KEY", "names nobody"),
        wrong("\"\" KEY", "names nobody"),
        // Whoever it is: a bundle does not say who signed it.
        apart("dev@example.org KEY", .counts),
        apart("*,!ops@example.org KEY", .counts),
    ]

    static let options = [
        same("ops@example.org namespaces=\"airlift-bundle@v1\" KEY", true),
        same("ops@example.org NameSpaces=\"airlift-bundle@v1\" KEY", true),
        same("ops@example.org namespaces=\"file,airlift-*\" KEY", true),
        same("ops@example.org namespaces=\"airlift-bundle@v?\" KEY", true),
        same("ops@example.org namespaces=\"*\"  KEY", true),
        same("ops@example.org namespaces=\"*,!file\" KEY", true),
        same("ops@example.org namespaces=\"file\" KEY", false),
        same("ops@example.org namespaces=\"*,!airlift-bundle@v1\" KEY", false),
        same("ops@example.org namespaces=\"!file\" KEY", false),
        same("ops@example.org namespaces=\"\" KEY", false),
        same("ops@example.org namespaces=\"Airlift-bundle@v1\" KEY", false),
        same("ops@example.org namespaces=\"airlift-bundle@v1 \" KEY", false),
        same("ops@example.org namespaces=\"a\\\"b,airlift-bundle@v1\" KEY", true),
        wrong("ops@example.org namespaces=airlift-bundle@v1 KEY", "not in double quotes"),
        wrong("ops@example.org namespaces=\"airlift-bundle@v1 KEY", "no closing one"),
        wrong("ops@example.org namespaces=\"*\",namespaces=\"*\" KEY", "given twice"),
        wrong("ops@example.org namespaces=\"*\", KEY", "one more was to come"),
        // Nothing between commas.
        apart("ops@example.org ,namespaces=\"*\" KEY", .refused("no option")),
        apart(
            "ops@example.org valid-after=\"20261121Z\",,namespaces=\"*\" KEY", .refused("no option")),
        wrong("ops@example.org namespaces=\"*\"x KEY", "no option"),
        wrong("ops@example.org namespaces KEY", "no option"),
        wrong("ops@example.org namespaces =\"*\" KEY", "no option"),
        wrong("ops@example.org from=\"10.0.0.1\" KEY", "no option"),
        wrong("ops@example.org restrict KEY", "no option"),
        wrong("ops@example.org \"namespaces=\"*\"\" KEY", "no option"),
        wrong("ops@example.org cert-authority KEY", "certificates"),
        wrong("ops@example.org CERT-AUTHORITY,namespaces=\"*\" KEY", "certificates"),
        wrong("ops@example.org cert-authority=\"yes\" KEY", "no option"),
        wrong("ops@example.org no-touch-required KEY", "no hardware"),
        wrong("ops@example.org verify-required KEY", "no hardware"),
    ]

    /// The time is 2026-11-21 12:00:00 UTC.
    static let times = [
        same("ops@example.org valid-after=\"20261121Z\" KEY", true),
        same("ops@example.org valid-after=\"20261121z\" KEY", true),
        same("ops@example.org valid-after=\"202611211200Z\" KEY", true),
        same("ops@example.org valid-after=\"20261121120000Z\" KEY", true),
        same("ops@example.org valid-after=\"20261121120000UTC\" KEY", true),
        same("ops@example.org valid-after=\"20261121120001Z\" KEY", false),
        same("ops@example.org valid-before=\"20261121120000Z\" KEY", true),
        same("ops@example.org valid-before=\"20261121115959Z\" KEY", false),
        same("ops@example.org valid-before=\"20261121Z\" KEY", false),
        same("ops@example.org valid-before=\"20240229Z\" KEY", false),
        same("ops@example.org valid-after=\"19700102Z\",valid-before=\"20991231235959Z\" KEY", true),
        same("ops@example.org valid-after=\"20200101\",valid-before=\"20300101\" KEY", true),
        wrong("ops@example.org valid-after=\"20261121Z\",valid-before=\"20261121Z\" KEY", "no time at which"),
        wrong("ops@example.org valid-after=\"20261122Z\",valid-before=\"20261121Z\" KEY", "no time at which"),
        wrong("ops@example.org valid-after=\"20261121Z\",valid-after=\"20261121Z\" KEY", "given twice"),
        wrong("ops@example.org valid-after=\"2026-11-21\" KEY", "no time"),
        wrong("ops@example.org valid-after=\"2026112\" KEY", "no time"),
        wrong("ops@example.org valid-after=\"2026112112Z\" KEY", "no time"),
        wrong("ops@example.org valid-after=\"20261321Z\" KEY", "no time"),
        wrong("ops@example.org valid-after=\"20261132Z\" KEY", "no time"),
        wrong("ops@example.org valid-after=\"202611212400Z\" KEY", "no time"),
        wrong("ops@example.org valid-after=\"202611211260Z\" KEY", "no time"),
        wrong("ops@example.org valid-after=\"19700101Z\" KEY", "no time"),
        wrong("ops@example.org valid-after=\"now\" KEY", "no time"),
        wrong("ops@example.org valid-after=\"\" KEY", "no time"),
        wrong("ops@example.org valid-after=\"Z\" KEY", "no time"),
        wrong("ops@example.org valid-after=20261121Z KEY", "not in double quotes"),
        // A date that is none: OpenSSH takes it for a day of the month after.
        apart("ops@example.org valid-before=\"20270230Z\" KEY", .refused("no time")),
        apart("ops@example.org valid-before=\"20270101000060Z\" KEY", .refused("no time")),
    ]

    static let keys = [
        same("ops@example.org OTHER", false),
        wrong("ops@example.org ssh-ed25519", "no key"),
        wrong("ops@example.org ssh-ed25519 AAAA", "cut off"),
        wrong("ops@example.org ssh-ed25519 !!!!", "base 64"),
        wrong("ops@example.org ssh-rsa BLOB", "says 'ssh-rsa'"),
        wrong("ops@example.org SSH-ED25519 BLOB", "no option"),
        wrong("ops@example.org ssh-ed25519 BLOB=", "base 64"),
        wrong("ops@example.org namespaces=\"*\" ssh-ed25519-cert-v01@openssh.com BLOB", "certificate"),
        wrong("ops@example.org namespaces=\"*\" namespaces=\"*\" KEY", "not supported"),
    ]
}
