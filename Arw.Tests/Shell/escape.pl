# Forty ways out of a sandbox. Arguments: an address of the host, a port where TCP and UDP listeners count, a path and an abstract name where
# Unix listeners count, a process id of the host; and, only for a run that is held, the numbers of: unshare setns io_uring_setup ptrace keyctl mount mknodat.
# Prints a line for each: name, tab, REACHED or the error.
use strict;
use Socket qw(:all);
use IO::Socket::INET;
$SIG{ALRM} = sub { die "no answer\n" };
my ($host, $port, $path, $abstract, $pid, @number) = @ARGV;
my ($unshare, $setns, $uring, $ptrace, $keyctl, $mount, $mknod) = @number;

sub try { my ($name, $what) = @_; $! = 0; my $got = eval { alarm 5; my $r = $what->(); alarm 0; $r }; alarm 0; my $e = $@ || "$!"; $e =~ s/ at \S+ line \d+.*//s; $e =~ s/\s+/ /g; print "$name\t", ($got ? "REACHED $got" : $e || "nothing"), "\n"; }
sub tcp { my ($family, $address) = @_; socket(my $s, $family, SOCK_STREAM, 0) or return 0; connect($s, $address) or return 0; syswrite $s, "x"; return "connected"; }
sub udp { my ($family, $address, $data) = @_; socket(my $s, $family, SOCK_DGRAM, 0) or return 0; return send($s, $data, 0, $address) ? "sent" : 0; }
sub unix { my ($name) = @_; socket(my $s, AF_UNIX, SOCK_STREAM, 0) or return 0; return connect($s, pack_sockaddr_un($name)) ? "connected" : 0; }
sub v4 { pack_sockaddr_in($port, inet_aton($_[0])) }
sub v6 { pack_sockaddr_in6($port, inet_pton(AF_INET6, $_[0])) }
sub ask { my ($request) = @_; my $s = IO::Socket::INET->new(PeerAddr => "127.0.0.1:3128", Timeout => 5) or return 0; print $s $request; my $line = <$s> // ""; $line =~ s/\s+$//; die "$line\n" unless $line =~ / 200 /; return $line; }
sub answered { my ($a) = @_; my $code = ord(substr($a, 3)) & 15; die "code $code\n" if $code; return "answered"; }
my $query = "\x12\x34\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00\x07example\x03org\x00\x00\x01\x00\x01";

try("tcp, the host's address", sub { tcp(AF_INET, v4($host)) });
try("tcp, the host's loopback", sub { tcp(AF_INET, v4("127.0.0.1")) });
try("tcp, all zeros", sub { tcp(AF_INET, v4("0.0.0.0")) });
try("tcp, IPv6 loopback", sub { tcp(AF_INET6, v6("::1")) });
try("tcp, IPv4 in IPv6", sub { tcp(AF_INET6, v6("::ffff:$host")) });
try("tcp, IPv6 elsewhere", sub { tcp(AF_INET6, v6("2001:4860:4860::8888")) });
try("tcp, metadata address", sub { tcp(AF_INET, v4("169.254.169.254")) });
try("udp, a DNS question to the host", sub { udp(AF_INET, v4($host), $query) });
try("udp, a DNS question elsewhere", sub { udp(AF_INET, pack_sockaddr_in(53, inet_aton("9.9.9.9")), $query) });
try("udp, broadcast", sub { socket(my $s, AF_INET, SOCK_DGRAM, 0) or return 0; setsockopt($s, SOL_SOCKET, SO_BROADCAST, 1); send($s, "x", 0, v4("255.255.255.255")) ? "sent" : 0 });
try("udp, multicast", sub { udp(AF_INET, v4("224.0.0.251"), $query) });
try("a name asked of the resolver", sub { (my @a = getaddrinfo("example.org", 80))[1] ? "resolved" : 0 });
try("a name asked of the resolver by UDP", sub { socket(my $s, AF_INET, SOCK_DGRAM, 0) or return 0; connect($s, pack_sockaddr_in(53, INADDR_LOOPBACK)) or return 0; syswrite $s, $query or return 0; sysread $s, my $a, 600 or return 0; answered($a) });
try("a name asked of the resolver by TCP", sub { socket(my $s, AF_INET, SOCK_STREAM, 0) or return 0; connect($s, pack_sockaddr_in(53, INADDR_LOOPBACK)) or return 0; syswrite $s, pack("n", length $query) . $query; sysread $s, my $a, 600 or return 0; answered(substr $a, 2) });
try("data carried in a name", sub { socket(my $s, AF_INET, SOCK_DGRAM, 0) or return 0; connect($s, pack_sockaddr_in(53, INADDR_LOOPBACK)) or return 0; my $q = $query; substr($q, 12, 8) = chr(60) . "s" x 60; syswrite $s, $q or return 0; sysread $s, my $a, 600 or return 0; answered($a) });
try("udp, DNS over TLS's port elsewhere", sub { udp(AF_INET, pack_sockaddr_in(853, inet_aton("1.1.1.1")), $query) });
try("raw socket", sub { socket(my $s, AF_INET, SOCK_RAW, 1) ? "made" : 0 });
try("packet socket", sub { socket(my $s, 17, SOCK_RAW, 0x0300) ? "made" : 0 });
try("virtual machine socket", sub { socket(my $s, 40, SOCK_STREAM, 0) ? "made" : 0 });
try("Bluetooth socket", sub { socket(my $s, 31, SOCK_RAW, 1) ? "made" : 0 });
try("abstract Unix socket", sub { unix("\0$abstract") });
try("Unix socket in the file system", sub { unix($path) });
try("container engine's socket", sub { -e "/run/docker.sock" || -e "/var/run/docker.sock" ? "there" : 0 });
try("shell's own network files, proxy ignored", sub { system("bash", "-c", "exec 3<>/dev/tcp/$host/$port") == 0 ? "connected" : die "refused\n" });
try("a process of the host", sub { kill(0, $pid) ? "signalled" : 0 });

# The rest would change the machine where nothing holds it.
exit 0 unless @number;
try("another network namespace", sub { syscall($unshare, 0x40000000) == 0 ? "made" : 0 });
try("another user namespace", sub { syscall($unshare, 0x10000000) == 0 ? "made" : 0 });
try("the host's namespace by its process", sub { open(my $f, "<", "/proc/$pid/ns/net") or return 0; syscall($setns, fileno($f), 0) == 0 ? "entered" : 0 });
try("the first process's root", sub { -e "/proc/1/root$path" ? "seen" : 0 });
try("io_uring, round the filter", sub { my $p = "\0" x 120; my $r = syscall($uring, 8, $p); $r >= 0 ? "made" : 0 });
try("tracing the sandbox's first process", sub { syscall($ptrace, 16, 1, 0, 0) == 0 ? "attached" : 0 });
try("the kernel's keys", sub { my $r = syscall($keyctl, 0, -3, 1); $r >= 0 ? "got one" : 0 });
try("a mount", sub { my ($none, $at, $type) = ("none", "/tmp", "tmpfs"); syscall($mount, $none, $at, $type, 0, 0) == 0 ? "mounted" : 0 });
try("a device of the host's disk", sub { my $at = "/project/disk"; my $r = syscall($mknod, -100, $at, 0060666, 0xfe00); $r == 0 ? "made" : 0 });
try("a kernel setting", sub { open(my $f, ">", "/proc/sys/net/ipv4/ip_forward") or return 0; print $f "1"; close $f ? "set" : 0 });
try("an inherited socket", sub { my @s = grep { (readlink $_ // "") =~ /socket:/ } glob "/proc/self/fd/*"; @s ? "has @s" : 0 });
try("through the proxy, the host's loopback", sub { ask("GET http://127.0.0.1:$port/ HTTP/1.1\r\nHost: 127.0.0.1:$port\r\n\r\n") });
try("through the proxy, a tunnel to the metadata address", sub { ask("CONNECT 169.254.169.254:$port HTTP/1.1\r\nHost: 169.254.169.254:$port\r\n\r\n") });
try("a kernel setting of the whole machine", sub { open(my $f, ">>", "/proc/sys/kernel/core_pattern") ? "opened" : 0 });
try("the ports that anybody may take", sub { open(my $f, ">", "/proc/sys/net/ipv4/ip_unprivileged_port_start") or return 0; print $f "1"; close $f ? "set" : 0 });
