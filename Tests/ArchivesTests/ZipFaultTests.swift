import Archives
import Digests
import TestSupport
import Testing

@Suite struct ZipFaultTests {
    @Test(arguments: ZipFault.headerFaults + ZipFault.nameFaults) func `headers and names`(_ fault: ZipFault)
        throws
    {
        try judge(fault)
    }
    @Test(arguments: ZipFault.dataFaults + ZipFault.descriptorFaults) func `contents and descriptors`(
        _ fault: ZipFault
    ) throws { try judge(fault) }
    @Test(arguments: ZipFault.zip64Faults + ZipFault.endFaults) func `wide fields and end records`(
        _ fault: ZipFault
    ) throws {
        try judge(fault)
    }

    private func judge(_ fault: ZipFault) throws {
        let twin = try readWhole(MemorySource(fault.twin.bytes))
        #expect(twin.digest == SHA256.hash(fault.twin.bytes))
        #expect(twin.contents.map(\.bytes) == fault.twin.members.map(\.contents))
        let streamedTwin = try readWhole(MemorySource(fault.twin.bytes), streaming: true)
        #expect(streamedTwin.contents.map(\.bytes) == fault.twin.members.map(\.contents))
        for streaming in [false, true] {
            let error = try #require(throws: ArchiveError.self) {
                _ = try readWhole(MemorySource(fault.attack.bytes), streaming: streaming)
            }
            #expect(error.member == fault.member)
            #expect(error.archive == "test.zip")
            // Streaming finds the same damage at another moment and words it otherwise.
            if !streaming { #expect(error.reason.contains(fault.reason), "\(error)") }
        }
    }
}
