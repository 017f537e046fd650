import Bundle
import Files
import TestSupport

@testable import Install

/// A conda prefix made by hand: the scripts and variables of its packages, and our activation over them.
struct ToyCondaPrefix {
    let scratch = TemporaryDirectory()
    let path: String

    init(_ name: String = "env") { path = "\(scratch.path)/\(name)" }

    /// Writes a file, whatever its name.
    func put(_ path: String, _ text: String, permissions: UInt32 = 0o644) throws {
        let directory = try Directory.create(self.path)
        let relative = try RelativePath(path)
        if let parent = relative.parent { _ = try directory.createDirectories(parent) }
        try directory.replaceFile(relative, with: Array(text.utf8), permissions: permissions, durable: false)
    }

    func remove(_ path: String) throws { try Directory.open(self.path).removeTree(RelativePath(path)) }

    /// A script for each shell that appends a word to `LOG`.
    func script(_ name: String, in directory: String, says word: String) throws {
        try put("etc/conda/\(directory)/\(name).sh", "LOG=\"${LOG-}\(word) \"; export LOG\n")
        try put("etc/conda/\(directory)/\(name).fish", "set -gx LOG \"$LOG\(word) \"\n")
    }

    /// Writes the activation scripts as the installer would.
    func finish(name: String = "payroll", isVirtualEnvironment: Bool = false, beside: Bool = false) throws {
        try put(".airlift/record.json", "{}")
        let activation = CondaActivation(
            prefix: path, name: name, variables: try .read(Directory.open(path)),
            isVirtualEnvironment: isVirtualEnvironment)
        let stem = beside ? "bin/airlift-activate" : "bin/activate"
        try put(stem, activation.posix)
        try put("\(stem).fish", activation.fish)
    }
}
