/// The name of a wheel file (PEP 427): `distribution-version(-build)?-interpreter-abi-platform.whl`.
public struct WheelFilename: Hashable, Sendable, CustomStringConvertible {
    /// A number and what follows it; ordered, the higher one preferred.
    public struct Build: Hashable, Sendable, Comparable, CustomStringConvertible {
        public let number: Int
        public let suffix: String

        public init(number: Int, suffix: String = "") {
            self.number = number
            self.suffix = suffix
        }

        /// Reads `1`, `20240101_2`, `3local`; nil without a digit at the start or with other characters than
        /// letters, digits, `_` and `.`.
        init?(_ text: some StringProtocol) {
            let digits = text.prefix { $0.isASCII && $0.isNumber }
            guard let number = Int(digits), number >= 0,
                text.utf8.allSatisfy({
                    $0.isAlphanumeric || $0 == UInt8(ascii: "_") || $0 == UInt8(ascii: ".")
                })
            else { return nil }
            self.number = number
            suffix = String(text.dropFirst(digits.count))
        }

        public var description: String { "\(number)\(suffix)" }

        public static func < (a: Build, b: Build) -> Bool { (a.number, a.suffix) < (b.number, b.suffix) }
    }

    /// The file name as it was given.
    public let text: String
    public let distribution: ProjectName
    public let version: PythonVersion
    public let build: Build?
    /// The compressed tag set written out.
    public let tags: [WheelTag]
    /// The name and version part as written, from which `.dist-info` and `.data` directories are named.
    public let stem: String

    public init(_ text: some StringProtocol) throws(WheelError) {
        func refusal(_ reason: String) -> WheelError { WheelError(.filename, text, reason) }
        guard text.hasSuffix(".whl") else { throw refusal("it does not end with .whl") }
        let parts = Substring(text).dropLast(4).split(
            separator: Character("-"), omittingEmptySubsequences: false)
        guard parts.count == 5 || parts.count == 6 else {
            throw refusal(
                "it has \(parts.count) parts between '-', and not name, version, perhaps a build number, interpreter, ABI and platform"
            )
        }
        guard let distribution = try? ProjectName(parts[0]), !parts[0].contains("__") else {
            throw refusal("'\(parts[0])' is no escaped project name")
        }
        guard let version = try? PythonVersion(parts[1]), parts[1].utf8.first?.isSpace == false,
            parts[1].utf8.last?.isSpace == false
        else { throw refusal("'\(parts[1])' is no version of PEP 440") }
        var build: Build?
        if parts.count == 6 {
            build = Build(parts[2])
            if build == nil { throw refusal("the build number '\(parts[2])' does not start with a digit") }
        }
        do { tags = try WheelTag.expand(parts.suffix(3).joined(separator: "-")) } catch {
            throw refusal(error.description)
        }
        self.text = String(text)
        self.distribution = distribution
        self.version = version
        self.build = build
        stem = "\(parts[0])-\(parts[1])"
    }

    public var description: String { text }

    /// Whether `other` has the higher build number; none at all is the lowest (PEP 427).
    func isRebuilt(by other: WheelFilename) -> Bool {
        guard let theirs = other.build else { return false }
        return build.map { $0 < theirs } ?? true
    }
}
