import Conda
import Yams

extension LockfileReader {
    /// Takes what `custom_metadata` says of a conda package, and checks that its file name and place say the
    /// same.
    mutating func completeConda(
        _ archive: inout LockedArchive, prefix: String, platform: String, _ node: Node
    ) {
        let name = archive.name
        if CondaName.normalized(name) != name {
            yaml.fail(node, "'\(name)' is no name of a conda package in lower case")
        }
        archive.size = number(prefix + "conda-size.\(name)")
        archive.released = time(prefix + "conda-released.\(name)")
        archive.spec = customText(prefix + "conda-spec.\(name)")
        if archive.spec != nil, !archive.requested {
            yaml.fail(
                custom[prefix + "conda-spec.\(name)"], "'\(name)' has a conda-spec and is not requested")
        }
        if let filename = customText(prefix + "conda-filename.\(name)") { archive.filename = filename }
        if let subdir = customText(prefix + "conda-subdir.\(name)") { archive.subdir = subdir }
        if let channel = customText(prefix + "conda-channel.\(name)") { archive.channel = channel }
        checkFilename(archive.filename, node)
        checkPackageFile(&archive, node)
        if archive.subdir == nil {
            yaml.fail(
                node,
                "'\(archive.location)' does not tell the platform of '\(name)': it is not in a directory such as "
                    + "\(platform) or noarch; add airlift.\(platform).conda-subdir.\(name) to custom_metadata"
            )
        } else if archive.subdir != platform, archive.subdir != "noarch" {
            yaml.fail(
                node, "'\(name)' is built for \(archive.subdir ?? ""), and it is locked for \(platform)")
        }
    }

    private mutating func checkPackageFile(_ archive: inout LockedArchive, _ node: Node) {
        let file: PackageFilename
        do throws(CondaError) { file = try PackageFilename(archive.filename) } catch {
            yaml.fail(node, "'\(archive.filename)' is no file name of a conda package: \(error.reason)")
            return
        }
        let stated = archive.build ?? file.build
        if file.name != archive.name || file.version != archive.version || file.build != stated {
            yaml.fail(
                node,
                "'\(archive.filename)' is not the conda package \(archive.name) \(archive.version) \(stated)")
        }
        archive.build = file.build
    }
}
