/// A compatibility tag (PEP 425): `cp312-abi3-manylinux_2_28_x86_64`.
public struct WheelTag: Hashable, Sendable, CustomStringConvertible {
    public let interpreter: String
    public let abi: String
    public let platform: String

    /// Lower-cases the parts.
    public init(interpreter: String, abi: String, platform: String) {
        self.interpreter = asciiLowered(interpreter)
        self.abi = asciiLowered(abi)
        self.platform = asciiLowered(platform)
    }

    public var description: String { "\(interpreter)-\(abi)-\(platform)" }

    /// All tags of a compressed set such as `py2.py3-none-any`, in written order, each once.
    /// - Throws: where it has not three parts of letters, digits and `_`, or stands for over 10,000 tags.
    public static func expand(_ text: some StringProtocol) throws(WheelError) -> [WheelTag] {
        let parts = Substring(text).split(separator: Character("-"), omittingEmptySubsequences: false)
        guard parts.count == 3 else {
            throw WheelError(
                .tag, text, "it has \(parts.count) parts between '-' and not interpreter, ABI and platform")
        }
        let sets = parts.map { part in
            Substring(part).split(separator: Character("."), omittingEmptySubsequences: false).map {
                String($0)
            }
        }
        for member in sets.joined() {
            guard !member.isEmpty, member.utf8.allSatisfy({ $0.isAlphanumeric || $0 == UInt8(ascii: "_") })
            else {
                throw WheelError(.tag, text, "'\(member)' is no tag part of ASCII letters, digits and '_'")
            }
        }
        if let interpreter = sets[0].first(where: { $0.utf8.first?.isDigit == true }) {
            throw WheelError(.tag, text, "the interpreter '\(interpreter)' starts with a digit")
        }
        guard sets.allSatisfy({ $0.count <= 100 }), sets.reduce(1, { $0 * $1.count }) <= 10_000 else {
            throw WheelError(.tag, text, "it stands for more than 10,000 tags")
        }
        var seen: Set<WheelTag> = []
        var tags: [WheelTag] = []
        for interpreter in sets[0] {
            for abi in sets[1] {
                for platform in sets[2] {
                    let tag = WheelTag(interpreter: interpreter, abi: abi, platform: platform)
                    if seen.insert(tag).inserted { tags.append(tag) }
                }
            }
        }
        return tags
    }
}
