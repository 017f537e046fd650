/// A signature as it came: an entry of a bundle or a file beside it, not yet read.
public struct DetachedSignature: Hashable, Sendable {
    /// The entry's or the file's name, for messages only: nothing is concluded from it.
    public let name: String
    /// Armored text as ssh-keygen writes it.
    public let bytes: [UInt8]

    public init(name: String, bytes: [UInt8]) {
        self.name = name
        self.bytes = bytes
    }
}
