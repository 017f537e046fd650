import Archives
import Conda
import Failures
import Fetch
import Files
import Glibc
import Workers

/// Loads the lists of packages of many directories, all of one form at a time.
struct RepodataLoader {
    let fetcher: Fetcher
    private var kept: RepodataStore { RepodataStore(store: fetcher.store) }

    init(_ fetcher: Fetcher) { self.fetcher = fetcher }

    /// Every directory has its content afterwards, or is known to be missing.
    /// - Throws: `FailureList` with what went wrong at each; `Interrupted`.
    func load(_ directories: [CondaSubdirectory]) throws {
        var failures: [any Failure] = []
        for directory in directories where directory.place.isLocal {
            collect(&failures) { try loadLocal(directory) }
        }
        var open = directories.filter { !$0.place.isLocal }
        for form in RepodataForm.allCases where !open.isEmpty {
            open = try load(open, as: form, &failures)
        }
        for directory in open { directory.setMissing() }
        try Interruption.check()
        if !failures.isEmpty { throw FailureList(failures) }
    }

    private func collect(_ failures: inout [any Failure], _ body: () throws -> Void) {
        do { try body() } catch let error as any Failure { failures.append(error) } catch {
            failures.append(CondaError(.repodata, "a channel", "\(error)"))
        }
    }

    /// - Returns: the directories that are not offered in this form.
    private func load(
        _ directories: [CondaSubdirectory], as form: RepodataForm, _ failures: inout [any Failure]
    ) throws -> [CondaSubdirectory] {
        if fetcher.options.offline { return loadKept(directories, as: form, &failures) }
        var requests: [DownloadRequest] = []
        for directory in directories {
            let address = directory.address(form)
            requests.append(
                DownloadRequest(
                    address.secret, limit: form.limit, label: "the list of packages",
                    validators: try kept.state(address)?.validators))
        }
        var left: [CondaSubdirectory] = []
        for (directory, answer) in zip(directories, fetcher.download(requests)) {
            collect(&failures) {
                let address = directory.address(form)
                switch try answer.get() {
                case .file(let download):
                    try unpack(
                        FileRegion(path: download.path, name: address.clean), form, to: address,
                        download.validators)
                    try readKept(directory, form)
                case .notModified: try readKept(directory, form)
                case .refused(let status):
                    // Some servers answer 403 for what is not there, and nobody need offer more than the plain form.
                    guard form != .plain || status == 404 || status == 410 else {
                        throw FetchError(
                            address.secret, label: "the list of packages", .status(status, attempts: 1))
                    }
                    left.append(directory)
                }
            }
        }
        return left
    }

    private func loadKept(
        _ directories: [CondaSubdirectory], as form: RepodataForm, _ failures: inout [any Failure]
    ) -> [CondaSubdirectory] {
        directories.filter { directory in
            var isLeft = false
            collect(&failures) {
                if try kept.state(directory.address(form)) != nil {
                    try readKept(directory, form)
                } else if form == .plain {
                    throw FetchError(
                        directory.address(form).secret, label: "the list of packages", .offline)
                } else {
                    isLeft = true
                }
            }
            return isLeft
        }
    }

    private func readKept(_ directory: CondaSubdirectory, _ form: RepodataForm) throws {
        let address = directory.address(form)
        guard let file = try kept.open(address) else {
            throw CondaError(.repodata, address.clean, "it vanished from the store", kind: .inputOutput)
        }
        try directory.read(form, file, isOurs: true)
    }

    /// Decompresses a list into the store, where it can be mapped.
    private func unpack(
        _ source: FileRegion, _ form: RepodataForm, to address: CondaAddress, _ validators: Validators?
    ) throws {
        try kept.keep(address, validators: validators) { write in
            guard let compression = form.compression else { return try source.forEachPiece { try write($0) } }
            try compression.decompress(source, limit: RepodataForm.unpackedLimit(of: source.size)) {
                try write($0)
            }
        }
    }

    private func loadLocal(_ directory: CondaSubdirectory) throws {
        for form in RepodataForm.local {
            let address = directory.address(form)
            guard let path = try localPath(of: address.secret) else { continue }
            let file: OpenFile
            do throws(FileError) { file = try OpenFile.read(path) } catch {
                if error.code == ENOENT || error.code == ENOTDIR { continue }
                throw error
            }
            if form.compression == nil { return try directory.read(form, file, isOurs: false) }
            try unpack(FileRegion(SharedFile(file), name: path), form, to: address, nil)
            return try readKept(directory, form)
        }
        directory.setMissing()
    }
}
