import Bundle

/// How `current` is to be switched.
public struct ActivationRequest: Sendable {
    public var event: ActivationLog.Event
    /// False runs neither `pre-activate` nor `post-activate` hooks.
    public var runsHooks = true
    /// Seconds for each hook, instead of what the manifest says.
    public var hookLimit: Int?
    /// What hooks inherit: the process's own environment belongs to the executable.
    public var environment: [String: String]
    /// Wait until the switch is on the disk.
    public var synchronize = true
    /// For the log, in words.
    public var note: String?

    /// - Parameter event: `activated` or `rolledBack`.
    public init(_ event: ActivationLog.Event = .activated, environment: [String: String]) {
        self.event = event
        self.environment = environment
    }
}

/// What a switch did.
public struct ActivationOutcome: Sendable {
    /// The release that is current now.
    public let record: InstallRecord
    /// What was current before; nil for nothing.
    public let from: String?
    /// False where it was current already.
    public let changed: Bool
    /// Paths of the state that the release brought and that were not there yet, relative to `R/state`.
    public var seeded: [String] = []
    public var hooks: [HookResult] = []

    public var version: String { record.version }
}

extension ActivationOutcome: Encodable {
    enum CodingKeys: String, CodingKey { case changed, from, hooks, seeded, version }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(changed, forKey: .changed)
        try container.encodeIfPresent(from, forKey: .from)
        try container.encode(hooks, forKey: .hooks)
        try container.encode(seeded, forKey: .seeded)
        try container.encode(version, forKey: .version)
    }
}
