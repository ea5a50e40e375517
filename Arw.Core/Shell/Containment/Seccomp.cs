using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Arw.Core.Shell.Containment;

/// <summary>
/// The system call filter of a sandbox, as the kernel's classic BPF program: the kinds of sockets that a network namespace does not hold back
/// (virtual machine sockets, Bluetooth, raw links and the like) cannot be made, nor the ways round this filter (io_uring) and into the kernel (bpf, keys, userfaultfd, ptrace of others).
/// </summary>
internal static class Seccomp
{
    private const ushort LoadWord = 0x20;
    private const ushort JumpIfEqual = 0x15;
    private const ushort JumpIfGreaterOrEqual = 0x35;
    private const ushort Return = 0x06;
    private const uint Allow = 0x7fff0000;
    private const uint Errno = 0x00050000;
    private const uint KillProcess = 0x80000000;
    private const uint NotPermitted = 1;
    private const uint NoSuchCall = 38;
    private const uint NoSuchFamily = 97;

    // Offsets in struct seccomp_data; both machines are little endian, so an argument's low half comes first.
    private const uint CallNumber = 0;
    private const uint Machine = 4;
    private const uint FirstArgument = 16;

    // Calls of the x32 variant carry this bit and would pass under other numbers.
    private const uint X32 = 0x40000000;

    // AF_UNIX, AF_INET, AF_INET6, AF_NETLINK (asking for one's own addresses).
    private static readonly uint[] Families = [1, 2, 10, 16];

    /// <summary>The filter for this machine; null on one whose call numbers are not known here: then nothing may be run contained.</summary>
    public static byte[]? Filter() => RuntimeInformation.ProcessArchitecture switch
    {
        // socket, socketpair; io_uring_*; then bpf, add_key, request_key, keyctl, userfaultfd, perf_event_open, kexec_load, init_module, finit_module, process_vm_readv, process_vm_writev, ptrace.
        Architecture.X64 => Build(0xc000003e, [41, 53], [425, 426, 427], [321, 248, 249, 250, 323, 298, 246, 175, 313, 310, 311, 101], x32: true),
        Architecture.Arm64 => Build(0xc00000b7, [198, 199], [425, 426, 427], [280, 217, 218, 219, 282, 241, 104, 105, 273, 270, 271, 117], x32: false),
        _ => null,
    };

    private static byte[] Build(uint machine, uint[] sockets, uint[] missing, uint[] refused, bool x32)
    {
        var program = new List<(ushort Code, byte True, byte False, uint Value)>
        {
            (LoadWord, 0, 0, Machine),
            (JumpIfEqual, 1, 0, machine),
            (Return, 0, 0, KillProcess),
            (LoadWord, 0, 0, CallNumber),
        };
        if (x32)
        {
            program.Add((JumpIfGreaterOrEqual, 0, 1, X32));
            program.Add((Return, 0, 0, Errno | NoSuchCall));
        }

        foreach (var (calls, error) in new[] { (missing, NoSuchCall), (refused, NotPermitted) })
        {
            foreach (var call in calls)
            {
                program.Add((JumpIfEqual, 0, 1, call));
                program.Add((Return, 0, 0, Errno | error));
            }
        }

        foreach (var call in sockets)
        {
            // Skips all that is said about this call when it is another.
            program.Add((JumpIfEqual, 0, (byte)((Families.Length * 2) + 2), call));
            program.Add((LoadWord, 0, 0, FirstArgument));
            foreach (var family in Families)
            {
                program.Add((JumpIfEqual, 0, 1, family));
                program.Add((Return, 0, 0, Allow));
            }

            program.Add((Return, 0, 0, Errno | NoSuchFamily));
        }

        program.Add((Return, 0, 0, Allow));
        var bytes = new byte[program.Count * 8];
        for (var i = 0; i < program.Count; i++)
        {
            var (code, whenTrue, whenFalse, value) = program[i];
            var at = bytes.AsSpan(i * 8, 8);
            BinaryPrimitives.WriteUInt16LittleEndian(at, code);
            (at[2], at[3]) = (whenTrue, whenFalse);
            BinaryPrimitives.WriteUInt32LittleEndian(at[4..], value);
        }

        return bytes;
    }
}
