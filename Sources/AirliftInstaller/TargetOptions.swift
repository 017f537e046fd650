import ArgumentParser
import Bundle
import Console
import Glibc
import Install
import Workers

/// Where and how to install: constructor's flags, and Airlift's own.
struct TargetOptions: ParsableArguments {
    @Option(
        name: .shortAndLong, help: "The directory that is to hold the environment.", completion: .directory)
    var prefix: String?

    @OptionGroup var release: RootOptions

    @Flag(
        name: .shortAndLong,
        help: "Replace another environment of Airlift's at the prefix; it is kept as PREFIX.airlift-old.")
    var force = false

    @Flag(
        name: .shortAndLong,
        help: "Update the environment at the prefix; refused where files that nobody recorded would be lost.")
    var update = false

    @Flag(help: "Replace whatever is at the prefix, even what Airlift did not make.")
    var replaceForeign = false

    @Flag(name: .customLong("no-compile"), help: "Do not compile byte code.")
    var noCompile = false

    @Flag(
        name: .customLong("no-sync"), help: "Do not wait for the disk: a power cut may lose the environment.")
    var noSync = false

    @Option(help: "The host's interpreter to use, for bundles that carry none.", completion: .file())
    var python: String?

    @Option(name: .shortAndLong, help: "Threads and compiling processes (default: one a processor).")
    var jobs: Int?

    @Flag(
        name: .customShort("t"), help: "Import every top-level module before the environment is put in place."
    )
    var test = false

    @Flag(
        name: .customShort("s"),
        help: "Run no link script, not even those of the packages that the bundle's spec allowed.")
    var skipScripts = false

    @Option(
        help: ArgumentHelp(
            "Run the link scripts of this conda package too, or of all; may be repeated.",
            valueName: "name|all"))
    var linkScripts: [String] = []

    @Option(help: ArgumentHelp("How long each link script may take (default: 300).", valueName: "seconds"))
    var linkScriptTimeout: Int?

    @OptionGroup var hookOptions: HookOptions

    @Option(
        help: ArgumentHelp(
            "Write below this directory as if it were /, for packages and images; the files name PREFIX alone.",
            valueName: "directory"), completion: .directory)
    var destdir: String?

    @Flag(
        help:
            "Ask for no signatures, although the environment at the prefix was installed with trusted signers, and forget them."
    )
    var forgetTrust = false

    @Flag(
        help:
            "Keep the bundle with what is installed, so that 'repair' needs nothing else (its size once more)."
    )
    var keepBundle = false

    @Flag(
        name: .customShort("k"), help: "Accepted for compatibility; archives are never unpacked to a cache.")
    var keepPackages = false

    @Flag(name: .customShort("m"), help: "Accepted for compatibility; no menu items are made.")
    var noMenus = false

    mutating func validate() throws {
        // The installer that a root keeps installs there.
        if prefix == nil, destdir == nil, release.root == nil { release.root = OwnRoot.path }
        if let jobs, jobs < 1 { throw ValidationError("--jobs takes a number from 1 on") }
        if skipScripts, !linkScripts.isEmpty {
            throw ValidationError("-s runs no link script and --link-scripts runs some: give one of them")
        }
        try refuseForRoots()
        if destdir != nil {
            if force || update || replaceForeign {
                throw ValidationError(
                    "--destdir writes into an empty directory: leave -f, -u and --replace-foreign out")
            }
            if !linkScripts.isEmpty || hookOptions.hooks == true {
                throw ValidationError(
                    "--destdir writes files for another host, on which scripts and hooks are to run: leave --link-scripts and --hooks out"
                )
            }
        }
        if let linkScriptTimeout, !(1...86_400).contains(linkScriptTimeout) {
            throw ValidationError("--link-script-timeout takes seconds from 1 to 86400")
        }
    }

    /// Opens the bundle by whom it must be signed: those who are named, or those whom the prefix remembers.
    func open(_ bundle: String, _ trust: TrustOptions, _ output: OutputOptions) throws -> BundleReader {
        if forgetTrust, trust.trust != nil {
            throw ValidationError(
                "--trust names signers and --forget-trust asks for none: give one of them")
        }
        let isAskedAfter = trust.trust == nil && !forgetTrust
        let remembered = isAskedAfter ? try remembered()?.policy() : nil
        trust.warnOfOwnStub(output, remembered: remembered != nil)
        return try trust.open(bundle, remembered: remembered, judgesByItself: isAskedAfter).reader
    }

    /// - Parameter prefix: of no use where a root was named.
    func request(prefix: String, _ trust: TrustOptions) throws -> InstallRequest {
        var request = InstallRequest(prefix: Self.absolute(prefix), now: Timestamp.now)
        release.put(into: &request, hooks: hookOptions.hooks ?? true)
        request.compile = !noCompile
        request.keepsBundle = keepBundle
        request.force = force
        request.update = update
        request.replaceForeign = replaceForeign
        request.synchronize = !noSync
        request.python = python
        request.jobs = jobs ?? availableProcessors
        request.test = test
        request.linkScripts = linkScriptChoice
        request.linkScriptLimit = linkScriptTimeout ?? request.linkScriptLimit
        request.environment = Self.environment
        request.hooks = hookOptions.hooks ?? false
        request.hookLimit = hookOptions.hookTimeout
        if let destdir {
            request.destination = Self.absolute(destdir)
            request.now = Timestamp.reproducible
        } else {
            request.by = ActingUser.current(request.environment)
            request.host = HostFacts.current()
        }
        request.trust =
            if forgetTrust { .forgotten } else if let policy = try trust.policy() {
                .given(policy, signatures: try trust.detached())
            } else { .remembered(signatures: try trust.detached()) }
        return request
    }

    private var linkScriptChoice: LinkScriptChoice {
        if skipScripts { return .none }
        if linkScripts.contains("all") { return .all }
        return linkScripts.isEmpty ? .manifest : .also(linkScripts)
    }

    /// The environment of this process; what is no text is left out.
    static var environment: [String: String] {
        var result: [String: String] = [:]
        var entry = environ
        while let text = entry.pointee {
            if let words = String(validatingCString: text),
                let sign = words.utf8.firstIndex(of: UInt8(ascii: "="))
            {
                result[String(words[..<sign])] = String(words[words.utf8.index(after: sign)...])
            }
            entry += 1
        }
        return result
    }

    /// The prefix that was given, or the spec's default.
    func chosenPrefix(_ manifest: Manifest) throws -> String {
        guard let path = release.root ?? prefix ?? manifest.install.defaultPrefix else {
            throw ValidationError("name the directory to install into: -p PREFIX, or --root ROOT")
        }
        return path
    }

    /// `~` is the shell's business; `.` and `..` are taken out by their text, links stay.
    static func absolute(_ path: String) -> String {
        var components: [Substring] = []
        var whole = path
        if !path.hasPrefix("/"), let current = getcwd(nil, 0) {
            whole = String(cString: current) + "/" + path
            free(current)
        }
        for component in whole.split(separator: "/") where component != "." {
            if component == ".." { _ = components.popLast() } else { components.append(component) }
        }
        return "/" + components.joined(separator: "/")
    }
}
