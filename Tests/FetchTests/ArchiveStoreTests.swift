import Digests
import Failures
import Fetch
import Files
import Glibc
import TestSupport
import Testing
import Workers

@Suite struct ArchiveStoreTests {
    @Test func placeOfTheStore() {
        func path(_ variables: [String: String]) -> String? { ArchiveStore.defaultPath { variables[$0] } }
        #expect(path(["AIRLIFT_CACHE": "/c", "XDG_CACHE_HOME": "/x", "HOME": "/h"]) == "/c")
        #expect(path(["AIRLIFT_CACHE": "", "XDG_CACHE_HOME": "/x", "HOME": "/h"]) == "/x/airlift")
        #expect(path(["XDG_CACHE_HOME": "relative", "HOME": "/h"]) == "/h/.cache/airlift")
        #expect(path([:]) == nil)
    }

    @Test func adoptedFileIsKept() throws {
        let scene = try Scene()
        let body = bytes(3_000_000)
        let path = try scene.directory.write("a.whl", body)
        let (digest, size) = try scene.store.adopt(path)
        #expect(digest == SHA256.hash(body) && size == 3_000_000)
        #expect(try scene.store.contains(digest, size: size))
        #expect(try !scene.store.contains(digest, size: size - 1))
        #expect(try scene.store.verify(digest))
        #expect(try scene.store.adopt(path, expected: digest).sha256 == digest)
        try scene.store.remove(digest)
        #expect(try !scene.store.contains(digest))
        #expect(try !scene.store.verify(digest))
    }

    @Test func adoptedFileWithAnotherHashIsNotKept() throws {
        let scene = try Scene()
        let path = try scene.directory.write("a.whl", "bytes")
        let before = try scene.listing()
        #expect(throws: FetchError.self) { try scene.store.adopt(path, expected: SHA256.hash("other")) }
        #expect(try scene.listing() == before)
    }

    @Test func documentsAreKeptByTheirSubject() throws {
        let scene = try Scene()
        let subject = SHA256.hash("a wheel")
        #expect(try scene.store.document(.coreMetadata, of: subject) == nil)
        for text in ["", "Name: demo\n", "Name: demo\nVersion: 2\n"] {
            try scene.store.keep(Array(text.utf8), as: .coreMetadata, of: subject)
            #expect(try scene.store.document(.coreMetadata, of: subject) == Array(text.utf8))
        }
    }

    @Test func damagedDocumentIsNone() throws {
        let scene = try Scene()
        let subject = SHA256.hash("a wheel")
        try scene.store.keep(Array("Name: demo\n".utf8), as: .coreMetadata, of: subject)
        let directory = try Directory.open(scene.store.path)
        let place = try RelativePath(
            "documents/core-metadata/\(subject.hex.prefix(2))/\(subject.hex.dropFirst(2))")
        let whole = try directory.contents(of: place)
        for damaged in [[], Array(whole.dropLast()), whole + [0]] {
            try directory.replaceFile(place, with: damaged)
            #expect(try scene.store.document(.coreMetadata, of: subject) == nil)
        }
        try directory.replaceFile(place, with: whole)
        #expect(try scene.store.document(.coreMetadata, of: subject) != nil)
    }

    /// A process that is killed leaves its file without a lock; a living one holds it.
    @Test func whatAKilledProcessLeftIsRemovedAndWhatALivingOneWritesIsNot() throws {
        let scene = try Scene()
        try scene.directory.write("store/partial/77-1.part", "left behind")
        let living = try scene.directory.write("store/partial/78-1.part", "being written")
        let file = try OpenFile.read(living)
        #expect(flock(file.descriptor, LOCK_EX) == 0)
        _ = try ArchiveStore(path: scene.store.path)
        #expect(try scene.listing().filter { $0.hasPrefix("partial/") } == ["partial/78-1.part 13"])
        try file.close()
        _ = try ArchiveStore(path: scene.store.path)
        #expect(try scene.listing().filter { $0.hasPrefix("partial/") }.isEmpty)
    }

    @Test func partialFilesOfARunningFetchSurviveAnotherOpening() throws {
        let scene = try Scene()
        let body = bytes(50_000)
        let path = scene.store.path
        let server = LoopbackServer { request in
            // Opening cleans up while half of the body has arrived.
            if request.count == 2 { _ = try? ArchiveStore(path: path) }
            return request.count == 1 ? .ok(body).ending(.cut(after: 25_000)) : .ok(body).ranged(request)
        }
        _ = try scene.fetcher.fetch([request(server.url + "/a", body)])
        #expect(server.requests.last?.headers["range"] == "bytes=25000-")
        #expect(try scene.store.verify(SHA256.hash(body)))
    }

    @Test func storeThatCannotBeMadeIsAnError() throws {
        let scene = try Scene()
        let path = try scene.directory.write("file", "no directory")
        #expect(throws: FileError.self) { try ArchiveStore(path: path + "/store") }
    }
}

@Suite struct RetryPolicyTests {
    @Test func pausesDoubleUpToTheCap() {
        var policy = RetryPolicy()
        #expect((1...8).map { policy.pause(after: $0) } == [0.5, 1, 2, 4, 8, 16, 20, 20])
        policy.jitter = { 0 }
        #expect((1...3).map { policy.pause(after: $0) } == [0.25, 0.5, 1])
    }
}

@Suite struct RedactedURLTests {
    @Test(arguments: [
        ("https://example.org/a/b.whl", "https://example.org/a/b.whl"),
        ("https://user@example.org/a", "https://example.org/a"),
        ("https://user:pass@example.org:8443/a@b", "https://example.org:8443/a@b"),
        ("https://us%40er:p@ss@example.org/a", "https://example.org/a"),
        ("https://user:pa/ss@example.org/a", "https://example.org/a"),
        ("https://[::1]:80/a", "https://[::1]:80/a"),
        ("https://example.org/a?token=x#sha256=1", "https://example.org/a?…"),
        ("file:///home/a@b/c", "file:///home/a@b/c"),
        ("./dist/a?b@c.whl", "./dist/a?b@c.whl"), ("", ""), ("://", "://"),
    ]) func credentialsAreLeftOut(address: String, shown: String) {
        #expect(redacted(address) == shown)
    }

    @Test func lockedAddressKeepsItsQuery() {
        #expect(withoutCredentials("https://u:p@example.org/a?v=1") == "https://example.org/a?v=1")
    }
}
