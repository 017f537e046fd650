import Failures

/// What a METADATA file says about its distribution (core metadata, versions 1.0 to 2.x).
public struct CoreMetadata: Hashable, Sendable {
    public var metadataVersion: String
    public var name: ProjectName
    public var version: PythonVersion
    public var summary: String?
    /// Free text, in one line or many.
    public var license: String?
    /// An SPDX expression (PEP 639).
    public var licenseExpression: String?
    /// Paths below `.dist-info/licenses` (PEP 639).
    public var licenseFiles: [String]
    public var classifiers: [String]
    public var requiresPython: VersionSpecifiers?
    public var requiresDist: [Requirement]
    public var providesExtra: [ProjectName]

    /// Reads the headers; the description after them is not looked at.
    /// - Throws: every fault of the file at once.
    public init(_ bytes: [UInt8]) throws(FailureList) {
        let headers = HeaderFields(bytes)
        var faults: [WheelError] = []
        func fault(_ reason: String) {
            faults.append(WheelError(.metadata, "METADATA", reason))
        }
        func single(_ name: String) -> String? {
            let values = headers.all(name)
            if values.count > 1 { fault("it has \(values.count) lines '\(name)' where one is allowed") }
            return values.first
        }
        func read<T>(_ name: String, _ text: String?, _ make: (String) throws(WheelError) -> T) -> T? {
            guard let text else { return nil }
            do { return try make(text) } catch {
                fault("in its line '\(name)', \(error.description)")
                return nil
            }
        }

        for line in headers.faults { fault("'\(WheelError.excerpt(line))' is no line 'Name: value'") }
        for required in ["metadata-version", "name", "version"] where headers.all(required).isEmpty {
            fault("it has no line '\(required)'")
        }
        let metadataVersion = single("metadata-version") ?? ""
        if !metadataVersion.isEmpty, !["1", "2"].contains(metadataVersion.split(separator: ".").first ?? "") {
            fault("its format is version '\(metadataVersion)', and 1.x and 2.x are known")
        }
        let name = read("name", single("name")) { text throws(WheelError) in try ProjectName(text) }
        let version = read("version", single("version")) { text throws(WheelError) in try PythonVersion(text)
        }
        requiresPython = read("requires-python", single("requires-python")) { text throws(WheelError) in
            try VersionSpecifiers(text)
        }
        requiresDist = headers.all("requires-dist").compactMap { line in
            read("requires-dist", line) { text throws(WheelError) in try Requirement(text) }
        }
        providesExtra = headers.all("provides-extra").compactMap { line in
            read("provides-extra", line) { text throws(WheelError) in try ProjectName(text) }
        }
        summary = headers.all("summary").first
        license = headers.fields.first { $0.name == "license" }?.value
        licenseExpression = headers.all("license-expression").first
        licenseFiles = headers.all("license-file")
        classifiers = headers.all("classifier")
        guard let name, let version, faults.isEmpty else {
            throw FailureList(
                faults.isEmpty ? [WheelError(.metadata, "METADATA", "it names no project")] : faults)
        }
        self.metadataVersion = metadataVersion
        self.name = name
        self.version = version
    }
}
