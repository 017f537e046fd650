import Digests
import Failures
import Lock
import Wheels

/// A wheel for each project that is wanted on a target.
public struct Selection: Sendable {
    public struct Wheel: Sendable {
        public let project: Wanted.Project
        public let filename: WheelFilename
        /// A URL, or a path relative to the spec.
        public let location: String
        /// As the index or the URL states it; nil until the file is read.
        public let sha256: SHA256Digest?
        /// Bytes, where the index tells.
        public let size: UInt64?
        /// The index's record; nil for a wheel that is named by its place.
        public let indexFile: IndexFile?

        public var name: ProjectName { project.name }
        public var version: PythonVersion { filename.version }
    }

    public let target: Target
    /// Sorted by name.
    public let wheels: [Wheel]
    /// Sentences for the user about what is odd and not wrong, such as a yanked file.
    public let notices: [String]
    let constraints: [Pin]

    init(target: Target, wheels: [Wheel], notices: [String], constraints: [Pin]) {
        self.target = target
        self.wheels = wheels
        self.notices = notices
        self.constraints = constraints
    }
}
