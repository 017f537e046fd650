import Archives
import Conda
import Failures
import Fetch
import Files

/// What one directory of a channel offers.
final class CondaSubdirectory {
    let channel: CondaChannel
    let subdir: String
    let place: CondaAddress
    private(set) var content = Content.unknown

    enum Content {
        case unknown
        /// The channel has no such directory.
        case missing
        case whole(RepodataFile, packages: CondaAddress)
        case shards(RepodataShards, packages: CondaAddress, shards: CondaAddress)
    }

    init(_ channel: CondaChannel, subdir: String) {
        self.channel = channel
        self.subdir = subdir
        place = channel.place.appending(subdir)
    }

    var isMissing: Bool { if case .missing = content { true } else { false } }

    func setMissing() { content = .missing }

    func address(_ form: RepodataForm) -> CondaAddress { place.appending(form.rawValue) }

    /// Takes in the list of packages.
    /// - Parameter isOurs: the file lies in the store.
    func read(_ form: RepodataForm, _ file: borrowing OpenFile, isOurs: Bool) throws {
        let name = address(form).clean
        guard form == .shards else {
            let file = try RepodataFile(file, isOurs: isOurs, name: name)
            content = .whole(file, packages: try base(file.repodata.info.baseURL, form))
            return
        }
        let size = try file.status().size
        let shards = try RepodataShards(try file.bytes(at: 0, count: Int(size)), name: name)
        content = .shards(
            shards, packages: try base(shards.baseURL, form), shards: try base(shards.shardsBaseURL, form))
    }

    /// Where files are that the list names: beside it, or at its `base_url` (CEP 15, CEP 16).
    private func base(_ reference: String?, _ form: RepodataForm) throws(CondaError) -> CondaAddress {
        guard let reference, !reference.isEmpty else { return place }
        let base = address(form).resolving(
            reference.utf8.last == UInt8(ascii: "/") ? reference : reference + "/")
        let scheme = base.secret.utf8.prefix { $0 != UInt8(ascii: ":") }
        // A server must not make this machine read its own files.
        let isAllowed =
            scheme.elementsEqual("https".utf8) || scheme.elementsEqual("http".utf8)
            || (base.isLocal && channel.place.isLocal)
        let isPlain = base.secret.utf8.allSatisfy {
            $0 > 0x20 && $0 < 0x7f && $0 != UInt8(ascii: "?") && $0 != UInt8(ascii: "#")
        }
        guard isAllowed, isPlain else {
            throw CondaError(
                .repodata, address(form).clean,
                "its base_url '\(redacted(reference))' is no place that packages of this channel may come from"
            )
        }
        return base
    }

    /// Gives records their addresses, where they came from a list of this directory.
    func located(_ records: [PackageRecord], _ packages: CondaAddress) -> [PackageRecord] {
        var located = records
        for index in located.indices {
            located[index].url = packages.clean + "/" + located[index].filename
            located[index].channel = channel.address
            if located[index].subdir.isEmpty { located[index].subdir = subdir }
        }
        return located
    }
}
