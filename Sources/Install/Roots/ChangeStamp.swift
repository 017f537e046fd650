import Bundle

/// Who changes something in a root, when, where and with what: for the log.
public struct ChangeStamp: Sendable, Equatable {
    /// RFC 3339, UTC: the clock belongs to the executable.
    public var now: String
    public var by: ActingUser
    /// Name of the host, as `uname -n` says.
    public var host: String
    /// Name and version of the installer.
    public var installer: String

    public init(now: String, by: ActingUser, host: String, installer: String = Generator.current) {
        self.now = now
        self.by = by
        self.host = host
        self.installer = installer
    }

    /// - Parameter environment: of this process.
    public static func current(now: String, environment: [String: String]) -> ChangeStamp {
        ChangeStamp(now: now, by: .current(environment), host: HostFacts.current().name)
    }
}
