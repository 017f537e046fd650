import Conda
import Files

/// The variables that packages (`etc/conda/env_vars.d/*.json`) and the environment itself (`conda-meta/state`) want
/// set while a conda environment is active.
///
/// As conda's activator: the packages' files by the order of their names, later ones over earlier ones, and the state
/// over all of them; names in capitals; a value of `null` takes the variable away while the environment is active; and
/// `***unset***` in the state leaves alone what a package would set.
struct ActivationVariables: Sendable, Equatable {
    struct Variable: Sendable, Equatable {
        let name: String
        /// nil: taken away.
        let value: String?
    }

    private(set) var variables: [Variable] = []

    static let directory = "etc/conda/env_vars.d"
    private static let state = "conda-meta/state"
    private static let unset = "***unset***"
    /// What activating itself sets, and what shells do not let anybody set.
    private static let reserved: Set<String> = [
        "PATH", "CONDA_PREFIX", "CONDA_SHLVL", "CONDA_DEFAULT_ENV", "CONDA_PROMPT_MODIFIER", "PS1", "IFS",
        "UID",
        "EUID", "PPID", "BASHOPTS", "SHELLOPTS", "STATUS",
    ]

    init() {}

    /// - Throws: `InstallError` of kind `damaged` that names the file and what no shell can set.
    static func read(_ prefix: Directory) throws -> ActivationVariables {
        var result = ActivationVariables()
        let directory = try RelativePath(Self.directory)
        if try prefix.status(of: directory)?.kind == .directory {
            for name in try prefix.directory(directory).names()
            where name.utf8.suffix(5).elementsEqual(".json".utf8) {
                let path = try directory.appending(name)
                try result.add(Self.contents(path, prefix), of: path.string)
            }
        }
        let state = try RelativePath(Self.state)
        if try prefix.status(of: state) != nil { try result.addState(Self.contents(state, prefix)) }
        return result
    }

    /// A symbolic link in a package is as good as what it leads to, and that is not looked up here.
    private static func contents(_ path: RelativePath, _ prefix: Directory) throws -> [UInt8] {
        guard try prefix.status(of: path)?.kind == .file else {
            throw InstallError(
                .damaged,
                "'\(path)' says which variables to set when the environment is activated, and is no file")
        }
        return try prefix.contents(of: path, limit: 1 << 20)
    }

    /// Takes over what a package's file says.
    mutating func add(_ json: [UInt8], of file: String) throws {
        try merge(Self.named(file) { try Self.parse(json, within: nil) }, file)
    }

    mutating func addState(_ json: [UInt8]) throws {
        try merge(Self.named(Self.state) { try Self.parse(json, within: "env_vars") }, Self.state)
        variables.removeAll { $0.value == Self.unset }
    }

    private mutating func merge(_ found: [Variable], _ file: String) throws {
        for variable in found {
            let name = variable.name.uppercased()
            guard Self.isName(name), !Self.reserved.contains(name) else {
                throw Self.refusal(
                    file, "no package may set '\(variable.name)' when the environment is activated")
            }
            if variable.value?.utf8.contains(0) == true {
                throw Self.refusal(file, "the value of '\(name)' holds a NUL, which no variable can")
            }
            if let index = variables.firstIndex(where: { $0.name == name }) {
                variables[index] = Variable(name: name, value: variable.value)
            } else {
                variables.append(Variable(name: name, value: variable.value))
            }
        }
    }

    private static func refusal(_ file: String, _ reason: String) -> InstallError {
        InstallError(.damaged, "'\(file)' is refused: \(reason)")
    }

    private static func named(_ file: String, _ body: () throws -> [Variable]) throws -> [Variable] {
        do { return try body() } catch let error as CondaError { throw refusal(file, error.description) }
    }

    private static func isName(_ name: String) -> Bool {
        guard let first = name.utf8.first, !(0x30...0x39).contains(first) else { return false }
        return name.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x41...0x5a).contains($0) || $0 == 0x5f }
    }

    /// An object of names and values; `within` names the member of the document that holds it.
    private static func parse(_ json: [UInt8], within member: String?) throws(CondaError) -> [Variable] {
        var failure: CondaError?
        let found = json.withUnsafeBytes { bytes -> [Variable] in
            var found: [Variable] = []
            do throws(CondaError) {
                var scanner = JSONScanner(bytes)
                if let member {
                    try scanner.object { (scanner, key) throws(CondaError) in
                        if key.text == member {
                            found = try values(&scanner, bytes)
                        } else {
                            try scanner.skip()
                        }
                    }
                } else {
                    found = try values(&scanner, bytes)
                }
                try scanner.finish()
            } catch { failure = error }
            return found
        }
        if let failure { throw failure }
        return found
    }

    private static func values(
        _ scanner: inout JSONScanner, _ bytes: UnsafeRawBufferPointer
    ) throws(CondaError) -> [Variable] {
        var found: [Variable] = []
        try scanner.object { (scanner, key) throws(CondaError) in
            guard let name = key.text else { throw scanner.failure("a name in it is no valid text") }
            found.append(Variable(name: name, value: try value(&scanner, bytes)))
        }
        return found
    }

    /// Numbers and truth values in Python's spelling, which is what conda puts into its script.
    private static func value(
        _ scanner: inout JSONScanner, _ bytes: UnsafeRawBufferPointer
    ) throws(CondaError) -> String? {
        switch try scanner.token() {
        case .string: return try scanner.string()
        case .number: return String(decoding: bytes[try scanner.skip()], as: UTF8.self)
        case .bool: return try scanner.bool() ? "True" : "False"
        case .null:
            try scanner.skip()
            return nil
        case .object, .array: throw scanner.failure("the value of a variable is a text or a number")
        }
    }
}
