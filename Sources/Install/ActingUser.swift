import Files
import Glibc

/// Who ran the installer, as far as a static program can tell: names come out of `/etc/passwd` alone, since the host's
/// own look-ups (NSS) cannot be linked statically.
public struct ActingUser: Codable, Hashable, Sendable {
    /// The effective user id.
    public var uid: UInt32
    /// The name of that user; nil where `/etc/passwd` has none.
    public var user: String?
    /// Who called sudo, as sudo says; only for root, since anybody can set a variable for oneself.
    public var sudoUser: String?

    public init(uid: UInt32, user: String? = nil, sudoUser: String? = nil) {
        self.uid = uid
        self.user = user
        self.sudoUser = sudoUser
    }

    enum CodingKeys: String, CodingKey {
        case uid, user
        case sudoUser = "sudo_user"
    }

    /// - Parameters:
    ///   - environment: of this process.
    ///   - root: where the host's files lie.
    public static func current(_ environment: [String: String], root: String = "") -> ActingUser {
        let uid = geteuid()
        let caller = uid == 0 ? environment["SUDO_USER"] : nil
        return ActingUser(
            uid: uid, user: name(of: uid, in: "\(root)/etc/passwd"),
            sudoUser: caller.flatMap { $0.isEmpty ? nil : $0 })
    }

    /// passwd(5): the third of the fields between colons is the user id.
    static func name(of uid: UInt32, in path: String) -> String? {
        guard let bytes = try? OpenFile.read(path).bytes(at: 0, count: 4 << 20) else { return nil }
        for line in bytes.split(separator: 0x0a) {
            let fields = line.split(
                separator: UInt8(ascii: ":"), maxSplits: 3, omittingEmptySubsequences: false)
            guard fields.count == 4, UInt32(String(decoding: fields[2], as: UTF8.self)) == uid else {
                continue
            }
            return fields[0].isEmpty ? nil : String(validating: fields[0], as: UTF8.self)
        }
        return nil
    }
}
