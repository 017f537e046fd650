import ArgumentParser
import Digests
import Failures

/// How a command answers: every command has these, by `@OptionGroup var output: OutputOptions`, and nothing else
/// to do for `--verbose` and `--log-file`.
public struct OutputOptions: ParsableArguments, Sendable {
    @Flag(help: "One JSON document on standard output; words and progress go to standard error.")
    public var json = false

    @Flag(name: .shortAndLong, help: "No words and no progress, only errors.")
    public var quiet = false

    @Flag(name: .shortAndLong, help: "Say on standard error what is done, and how long it takes.")
    public var verbose = false

    @Option(
        help: ArgumentHelp(
            "Append what is said and done to this file too, errors included, each line with its time.",
            valueName: "file"), completion: .file())
    public var logFile: String?

    public init() {}

    public func validate() throws {
        if quiet, verbose { throw ValidationError("--quiet and --verbose are opposites; give one of them") }
    }

    /// What was done, in words: on standard output, unless a document or nothing is wanted, and in the log.
    public func tell(_ text: @autoclosure () -> String) {
        let text = text()
        if !quiet, !json { put(text) }
        Messages.log(.info, text)
    }

    /// A line of what was asked for, such as a row of a table: as `tell`, and not in the log.
    public func show(_ line: @autoclosure () -> String) {
        if !quiet, !json { put(line()) }
    }

    /// A remark beside the result.
    public func notice(_ text: String) {
        if !quiet { Messages.write("\(Terminal.errorIsTerminal ? Style.yellow("note") : "note"): \(text)") }
        Messages.log(.note, text)
    }

    /// What is wrong, from a command that ends by an exit code of its own: on standard error, and in the log.
    public func complain(_ text: String) {
        Messages.write("\(Messages.program): \(text.printable)")
        Messages.log(.error, text)
    }

    /// What takes a while and has no progress bar: on terminals, and where steps are told.
    public func announce(_ text: String) {
        if !quiet, !verbose, Terminal.errorIsTerminal { Messages.write(text + " …") }
        detail(text)
    }

    /// A step on the way: with `--verbose`, and in the log.
    public func detail(_ text: @autoclosure () -> String) { Console.detail(text()) }

    /// With `--json`: the one document on standard output, whose first key is the number of its format.
    ///
    /// - Parameters:
    ///   - name: of the command: `releases` gives `"airlift_releases":1`. docs/installer-json.md and docs/schemas
    ///     describe it.
    ///   - body: encodes itself as an object.
    public func document(_ name: String, version: Int = 1, _ body: @autoclosure () -> some Encodable) throws {
        guard json else { return }
        let key = "airlift_" + String(name.map { $0 == "-" ? "_" : $0 })
        try putDocument(NumberedDocument(key: key, number: version, body: body()))
    }
}

/// An object and the number of its format, in one.
private struct NumberedDocument<Body: Encodable>: Encodable {
    let key: String
    let number: Int
    let body: Body

    private struct Key: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }
        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }

    func encode(to encoder: any Encoder) throws {
        try body.encode(to: encoder)
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(number, forKey: Key(stringValue: key))
    }
}

extension ParsableCommand {
    /// The options of output among a command's own, wherever they stand: a command need not say that it has them.
    var outputOptions: OutputOptions? {
        for child in Mirror(reflecting: self).children {
            if let group = child.value as? OptionGroup<OutputOptions> { return group.wrappedValue }
        }
        return nil
    }
}
