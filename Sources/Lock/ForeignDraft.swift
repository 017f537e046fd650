import Conda
import Digests
import Wheels

/// What a lock says of one package, before its parts are held against each other.
struct ForeignDraft {
    var kind: ForeignLock.Package.Kind
    /// As it was written.
    var address: String
    var line: Int
    var name: String?
    var version: String?
    var build: String?
    var buildNumber: Int?
    var subdir: String?
    var filename: String?
    var channel: String?
    var sha256: SHA256Digest?
    var md5: String?
    var size: UInt64?
    var depends: [String] = []
    var constrains: [String] = []
    var requiresPython: String?
    var noarch: PackageRecord.Noarch?
    var license: String?
    var timestamp: Int64?
    /// The format has packages that are built where they are installed; then an address of no archive is no fault.
    var mayBeSource = false
    var isEditable = false
    /// The tools that read the format put environment variables into addresses.
    var isExpanded = false

    init(_ kind: ForeignLock.Package.Kind, at address: String, line: Int) {
        self.kind = kind
        self.address = address
        self.line = line
    }

    /// - Throws: what is wrong, as the rest of a sentence.
    func entry() throws(Problems) -> ForeignLock.Entry {
        switch kind {
        case .conda: try conda()
        case .wheel: try wheel()
        }
    }

    struct Problems: Error {
        var reasons: [String]
        init(_ reasons: String...) { self.reasons = reasons }
        init(_ reasons: [String]) { self.reasons = reasons }
    }

    private func conda() throws(Problems) -> ForeignLock.Entry {
        let address = try checkedAddress(self.address)
        guard let filename = self.filename ?? address.filename, Self.isCondaArchive(filename)
        else {
            guard mayBeSource else {
                throw Problems(
                    "'\(address.shown)' is no conda package, which ends with .conda or .tar.bz2")
            }
            return .refused(
                reason: "the conda package '\(name ?? address.shown)' is built from source at "
                    + "'\(address.shown)'; build it, put it into a channel and lock that package",
                line: line)
        }
        let parts: PackageFilename
        do throws(CondaError) { parts = try PackageFilename(filename) } catch {
            throw Problems("'\(filename)' is no file name of a conda package: \(error.reason)")
        }
        var reasons: [String] = []
        func compare(_ stated: String?, _ found: String, _ what: String) {
            guard let stated, stated != found else { return }
            reasons.append("the \(what) is '\(stated)', but the file is '\(filename)'")
        }
        compare(name, parts.name, "name")
        compare(version, parts.version, "version")
        compare(build, parts.build, "build")
        let subdir = self.subdir ?? address.subdir
        if let subdir, subdir != "noarch", !CondaPlatform.all.contains(subdir) {
            reasons.append("'\(subdir)' is no platform of conda")
        }
        if !reasons.isEmpty { throw Problems(reasons) }
        return .package(
            package(
                address, filename, name: parts.name, version: parts.version, build: parts.build,
                subdir: subdir))
    }

    static func isCondaArchive(_ filename: String) -> Bool {
        filename.hasSuffix(PackageFilename.Form.conda.rawValue)
            || filename.hasSuffix(PackageFilename.Form.tarBzip2.rawValue)
    }

    private func wheel() throws(Problems) -> ForeignLock.Entry {
        var location = self.address
        if location.hasPrefix("direct+") { location.removeFirst("direct+".count) }
        let bare = ForeignAddress(location)
        let subject = "the Python package '\(name ?? bare.shown)'"
        func refused(_ reason: String) -> ForeignLock.Entry {
            .refused(reason: "\(subject) \(reason)", line: line)
        }
        if isEditable {
            return refused(
                "is an editable source tree at '\(bare.shown)', and only wheels are carried; build its wheel and "
                    + "lock that")
        }
        if let scheme = bare.scheme, scheme.contains("+") {
            return refused(
                "is taken from a repository, '\(bare.shown)', and only wheels are carried; build its wheel and lock "
                    + "that")
        }
        let address = try checkedAddress(location)
        guard let filename = address.filename, filename.hasSuffix(".whl") else {
            let isArchive = [".tar.gz", ".zip", ".tar.bz2", ".tgz", ".tar.xz"].contains {
                address.filename?.hasSuffix($0) == true
            }
            return refused(
                "is a source \(isArchive ? "archive" : "tree"), '\(address.shown)', and only wheels are carried; "
                    + "lock a version that has a wheel, or build its wheel and lock that")
        }
        let parsed: WheelFilename
        do { parsed = try WheelFilename(filename) } catch {
            throw Problems("'\(filename)' is no file name of a wheel: \(error.reason)")
        }
        var reasons: [String] = []
        if let name, (try? ProjectName(name)) != parsed.distribution {
            reasons.append("the name is '\(name)', but the file is '\(filename)'")
        }
        if let version, (try? PythonVersion(version)) != parsed.version {
            reasons.append("the version is '\(version)', but the file is '\(filename)'")
        }
        if !reasons.isEmpty { throw Problems(reasons) }
        var entry = package(
            address, filename, name: parsed.distribution.normalized, version: "\(parsed.version)",
            build: nil, subdir: nil)
        try takeDigest(of: address, into: &entry)
        return .package(entry)
    }

    /// Wheels' addresses may carry their digest: `#sha256=…`.
    private func takeDigest(of address: ForeignAddress, into entry: inout ForeignLock.Package)
        throws(Problems)
    {
        for field in (address.fragment ?? "").split(separator: "&") where field.hasPrefix("sha256=") {
            guard let digest = SHA256Digest(hex: field.dropFirst(7)) else {
                throw Problems("'#\(field)' is no SHA-256 of 64 hexadecimal digits")
            }
            if let stated = entry.sha256, stated != digest {
                throw Problems("its sha256 is \(stated), but its address says \(digest)")
            }
            entry.sha256 = digest
        }
    }

    private func checkedAddress(_ text: String) throws(Problems) -> ForeignAddress {
        let address = ForeignAddress(text)
        guard !address.text.isEmpty, !text.utf8.contains(where: { $0 < 0x20 || $0 == 0x7f }) else {
            throw Problems(
                text.isEmpty
                    ? "the address is empty" : "the address '\(address.shown)' holds a control character")
        }
        if let scheme = address.scheme, !["https", "http", "file"].contains(scheme) {
            throw Problems("'\(address.shown)' has the scheme \(scheme); only https, http and file are taken")
        }
        if address.isURL, text.utf8.contains(0x20) {
            throw Problems("the address '\(address.shown)' holds a space; write it as %20")
        }
        if address.scheme != nil, address.scheme != "file", (address.host ?? "").isEmpty {
            throw Problems("the address '\(address.shown)' names no host")
        }
        if !address.isURL, text.hasPrefix("file:") {
            throw Problems("'\(text)' is no file URL; write it as file:///…, or as a path")
        }
        if isExpanded, address.needsExpansion {
            throw Problems(
                "'\(address.shown)' names an environment variable or a home, which would make it depend on the "
                    + "machine; write the value")
        }
        return address
    }

    private func package(
        _ address: ForeignAddress, _ filename: String, name: String, version: String, build: String?,
        subdir: String?
    ) -> ForeignLock.Package {
        var package = ForeignLock.Package(
            kind: kind, name: name, version: version, build: build, subdir: subdir, filename: filename,
            location: address.text, channel: channel.map { ForeignAddress($0).text } ?? address.channel,
            hadCredentials: address.hadCredentials, line: line)
        package.buildNumber = buildNumber
        package.sha256 = sha256
        package.md5 = md5
        package.size = size
        package.depends = depends.map(ForeignAddress.scrubbed)
        package.constrains = constrains
        package.requiresPython = requiresPython
        package.noarch = noarch
        package.license = license
        package.timestamp = timestamp
        return package
    }
}
