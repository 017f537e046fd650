import Bundle

/// A hook that was run and ended well.
public struct HookResult: Hashable, Sendable, Encodable {
    public let kind: Manifest.Hooks.Kind
    public let command: [String]
    /// The last lines that it wrote, fit for a terminal.
    public let output: [String]

    /// The command as a shell would be given it.
    public var words: String { Manifest.Hook(command: command).words }

    public init(kind: Manifest.Hooks.Kind, command: [String], output: [String]) {
        self.kind = kind
        self.command = command
        self.output = output
    }
}
