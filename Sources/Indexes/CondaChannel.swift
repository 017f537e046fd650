import Conda
import Fetch
import Wheels

/// A place that offers conda packages by platform, as a spec names it.
public struct CondaChannel: Hashable, Sendable {
    /// Its address as records state it: without credentials, platform and trailing `/`.
    public var address: String { place.clean }
    /// The only platforms to take of it; nil for all.
    public let platforms: [String]?
    let place: CondaAddress

    /// Reads a channel as conda and others write it:
    ///
    ///     https://HOST/NAME   file:///DIR   ./DIR   /DIR   NAME   NAME/label/LABEL
    ///
    /// each with `/SUBDIR` or `[SUBDIR, SUBDIR]` behind it where only those platforms are meant. User name, password
    /// and token may be variables of the environment: `https://${USER}:${PASSWORD}@HOST/NAME`,
    /// `https://HOST/t/$TOKEN/NAME`.
    /// - Parameters:
    ///   - alias: what a bare name is relative to; nil where the spec names none.
    ///   - base: the directory that paths are relative to.
    ///   - variable: gives the value of a variable of the environment.
    /// - Throws: `CondaError` for what is no channel, and for a bare name without an alias.
    public init(
        _ text: String, alias: String?, base: String, variable: @escaping (String) -> String? = { _ in nil }
    ) throws(CondaError) {
        let reader = CondaChannelReader(shown: redacted(text), variable: variable)
        var text = text
        var platforms = try reader.takePlatforms(&text)
        var place = try reader.place(text, alias: alias, base: base)
        let last = URLReference(place.secret).path.split(separator: "/").last.map(String.init) ?? ""
        if platforms == nil, CondaSubdir.isSubdir(last) {
            place = CondaAddress(String(place.secret.dropLast(last.count)))
            platforms = [last]
        }
        self.place = place
        self.platforms = platforms
    }

    /// The directories of the channel that have packages for a platform.
    func subdirs(for platform: String) -> [String] {
        let all = platform == CondaSubdir.noarch ? [platform] : [platform, CondaSubdir.noarch]
        return all.filter { platforms?.contains($0) ?? true }
    }
}

/// The directories of a channel (CEP 26).
enum CondaSubdir {
    static let noarch = "noarch"

    /// Whether it looks like one: `noarch`, or a system and an architecture.
    static func isSubdir(_ text: some StringProtocol) -> Bool {
        if text == noarch { return true }
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        return parts.count == 2 && systems.contains(String(parts[0])) && !parts[1].isEmpty
            && parts[1].utf8.allSatisfy {
                $0 < 0x80 && ($0 >= 0x61 && $0 <= 0x7a || $0 >= 0x30 && $0 <= 0x39)
            }
            && parts[1].utf8.contains { $0 >= 0x30 && $0 <= 0x39 || parts[0] == "zos" }
    }

    private static let systems: Set<String> = [
        "linux", "osx", "win", "freebsd", "netbsd", "openbsd", "emscripten", "wasi", "zos",
    ]
}
