import Digests
import Failures
import Wheels

/// What one line of a requirements file, or one string of `[wheels] requirements`, asks for.
enum RequirementLine {
    case requirement(Requirement, hashes: [SHA256Digest])
    case wheel(DirectWheel)
    /// `-r`: the path as seen from the spec.
    case include(String)
    /// `-c`: the path as seen from the spec.
    case constraints(String)
    /// `--require-hashes`: each requirement must name a digest.
    case requireHashes
    /// An option that asks for what is done anyway.
    case nothing

    /// - Parameter file: the file that the line is in, as seen from the spec: paths in it are relative to it.
    /// - Parameter place: how errors name the line.
    static func parse(_ text: String, file: String, place: Place, isSpec: Bool) throws(LockError)
        -> RequirementLine
    {
        func failure(_ reason: String, kind: FailureKind = .damaged) -> LockError {
            LockError(file: place.file, line: place.line, reason: reason, kind: kind)
        }
        if text.contains("${") {
            throw failure(
                "'\(text)' uses an environment variable, which would make the lock depend on the machine; "
                    + "write the value", kind: .refused)
        }
        let (required, options) = RequirementsFile.options(of: text)
        if required.isEmpty { return try option(options[0], of: options.count, file, text, failure) }
        var hashes: [SHA256Digest] = []
        for option in options {
            guard option.name == "--hash" else {
                throw failure(
                    "the option \(option.name) of '\(required)' is not supported; remove it", kind: .refused)
            }
            hashes.append(try digest(option.value, of: required, failure))
        }
        if let wheel = try directWheel(required, hashes, file, place, isSpec, failure) {
            return .wheel(wheel)
        }
        let requirement: Requirement
        do throws(WheelError) { requirement = try Requirement(required) } catch {
            throw failure("'\(required)' is no requirement (PEP 508): \(error.reason)")
        }
        guard let url = requirement.url else { return .requirement(requirement, hashes: hashes) }
        let wheel = try wheel(
            at: url, extras: Set(requirement.extras), marker: requirement.marker, hashes, place, isSpec,
            failure)
        guard wheel.filename.distribution == requirement.name else {
            throw failure(
                "'\(requirement.name)' is asked for, but the wheel at its URL is of '\(wheel.filename.distribution)'"
            )
        }
        return .wheel(wheel)
    }

    private typealias Fail = (_ reason: String, _ kind: FailureKind) -> LockError

    private static func option(
        _ option: (name: String, value: String), of count: Int, _ file: String, _ text: String,
        _ failure: Fail
    ) throws(LockError) -> RequirementLine {
        guard count == 1 else {
            throw failure("'\(text)' has several options; write one on a line", .damaged)
        }
        switch option.name {
        case "-r", "--requirement", "-c", "--constraint":
            guard !option.value.isEmpty else { throw failure("\(option.name) names no file", .damaged) }
            if option.value.contains("://") {
                throw failure(
                    "\(option.name) \(option.value) is a URL; keep the file beside the spec", .refused)
            }
            let path = RequirementsFile.path(option.value, besides: file)
            return option.name == "-r" || option.name == "--requirement" ? .include(path) : .constraints(path)
        case "--require-hashes": return .requireHashes
        case "--only-binary", "--prefer-binary": return .nothing
        case "-i", "--index-url", "--extra-index-url", "--no-index", "--pypi-url":
            throw failure(
                "\(option.name) is not read from here; name the index in the spec: [wheels] index = [\"…\"]",
                .refused)
        case "-e", "--editable":
            throw failure(
                "\(option.name) asks for an editable install; build a wheel and name its path", .refused)
        case "-f", "--find-links":
            throw failure("\(option.name) is not supported; name each wheel's path", .refused)
        case "--hash": throw failure("--hash stands alone; a '\\' is missing on the line before", .damaged)
        default: throw failure("the option \(option.name) is not supported; remove it", .refused)
        }
    }

    private static func digest(_ value: String, of required: String, _ failure: Fail) throws(LockError)
        -> SHA256Digest
    {
        let parts = value.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, parts[0] == "sha256" else {
            throw failure("'\(required)' has the hash '\(value)'; only sha256:… is taken", .refused)
        }
        guard let digest = SHA256Digest(hex: parts[1]) else {
            throw failure(
                "'\(required)' has the hash '\(value)', which is not 64 hexadecimal digits", .damaged)
        }
        return digest
    }

    /// A line that names a wheel by a path or by a URL without a name before it; nil for any other.
    private static func directWheel(
        _ required: String, _ hashes: [SHA256Digest], _ file: String, _ place: Place, _ isSpec: Bool,
        _ failure: Fail
    ) throws(LockError) -> DirectWheel? {
        let parts = required.split(separator: ";", maxSplits: 1).map { RequirementsFile.trim($0) }
        guard var location = parts.first else { return nil }
        var extras: Set<ProjectName> = []
        if location.hasSuffix("]"), let open = location.lastIndex(of: "["),
            location[..<open].contains(".whl")
        {
            for extra in location[location.index(after: open)...].dropLast().split(separator: ",") {
                do throws(WheelError) { extras.insert(try ProjectName(RequirementsFile.trim(extra))) } catch {
                    throw failure("'\(required)' has a bad extra: \(error.reason)", .damaged)
                }
            }
            location = String(location[..<open])
        }
        let isURL = location.prefix(while: { !" @".contains($0) }).contains("://")
        let isPath = !isURL && !location.contains(" @ ") && !location.contains("://")
        let looksLikePath =
            location.hasPrefix("./") || location.hasPrefix("../") || location.hasPrefix("/")
            || location.hasSuffix(".whl")
        guard isURL || (isPath && looksLikePath) else { return nil }
        guard isURL || location.hasSuffix(".whl") else {
            throw failure(
                "'\(location)' is a path and no wheel; build a wheel of it and name that", .refused)
        }
        var marker: Marker?
        if parts.count == 2 {
            do throws(WheelError) { marker = try Marker(parts[1]) } catch {
                throw failure("'\(required)' has a bad marker: \(error.reason)", .damaged)
            }
        }
        if isPath { location = RequirementsFile.path(location, besides: file) }
        return try wheel(
            at: location, extras: extras, marker: marker, hashes, place, isSpec, failure)
    }

    private static func wheel(
        at location: String, extras: Set<ProjectName>, marker: Marker?, _ hashes: [SHA256Digest],
        _ place: Place,
        _ isSpec: Bool, _ failure: Fail
    ) throws(LockError) -> DirectWheel {
        var hashes = hashes
        var url = location
        if location.contains("://") {
            let scheme = location.prefix { $0 != ":" }
            guard ["https", "http", "file"].contains(scheme) else {
                throw failure(
                    "'\(location)' has the scheme \(scheme); only https, http and file are taken", .refused)
            }
            let parts = location.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false)
            url = String(parts[0])
            for field in parts.count == 2 ? parts[1].split(separator: "&") : []
            where field.hasPrefix("sha256=") {
                hashes.append(try digest("sha256:" + field.dropFirst(7), of: location, failure))
            }
            if scheme != "file", hashes.isEmpty {
                throw failure("'\(location)' has no digest; add #sha256=… to it", .refused)
            }
        }
        let name = LockedArchive.filename(of: url)
        guard name.hasSuffix(".whl") else {
            throw failure("'\(location)' is no wheel; build a wheel of it and name that", .refused)
        }
        do throws(WheelError) {
            return DirectWheel(
                location: url, filename: try WheelFilename(name), extras: extras, marker: marker,
                hashes: hashes,
                place: place, isNamedBySpec: isSpec)
        } catch {
            throw failure("'\(name)' is no file name of a wheel: \(error.reason)", .damaged)
        }
    }
}
