using System.Text.RegularExpressions;
using Microsoft.Extensions.Configuration;
using Polyphony.Web.Hosting;

namespace Polyphony.Web.Tests.Hosting;

/// <summary>The files in <c>deploy/</c> agree with the program and with each other. That they run is not tested.</summary>
public sealed partial class FollowingTheExamples : IDisposable
{
    private static readonly string Root = Polyphony.Tests.Repository.Root;
    private static readonly string Dockerfile = Read("Dockerfile");
    private static readonly string Service = Read("polyphony.service");
    private static readonly string Caddyfile = Read("Caddyfile");
    private static readonly Uri Default = new(PolyphonyServer.DefaultAddress);

    private readonly string directory = Directory.CreateTempSubdirectory("polyphony-deploy-").FullName;

    public void Dispose() => Directory.Delete(directory, recursive: true);

    [Fact]
    public void Each_file_of_the_directory_is_known_here() =>
        Assert.Equal(["Caddyfile", "Dockerfile", "polyphony.service"], Directory.GetFiles(Path.Combine(Root, "deploy")).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal));

    [Fact]
    public void The_image_publishes_a_project_that_is_there_with_the_version_it_is_built_for()
    {
        string project = Assert.Single(Directory.GetFiles(Path.Combine(Root, Match(Dockerfile, @"dotnet publish (\S+)")), "*.csproj"));
        Assert.Contains($"\"{Path.GetFileNameWithoutExtension(project)}.dll\"", Match(Dockerfile, "(?m)^ENTRYPOINT (.+)$"), StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(Root, Match(Dockerfile, @"docker build -f (\S+)"))));
        string version = Match(File.ReadAllText(Path.Combine(Root, "Directory.Build.props")), "<TargetFramework>net([0-9.]+)<");
        Assert.Equal([version, version], ImagePattern().Matches(Dockerfile).Select(match => match.Groups[1].Value));
        Assert.Equal(Match(Dockerfile, @"(?s)FROM mcr.microsoft.com/dotnet/aspnet.*?WORKDIR (\S+)"), Match(Dockerfile, @"publish .* -o (\S+)"));
    }

    [Fact]
    public void The_image_keeps_its_data_in_its_volume_and_opens_the_port_it_listens_on()
    {
        string volume = Match(Dockerfile, @"(?m)^VOLUME (\S+)$");
        Assert.Equal(volume, Match(Dockerfile, @"ENV Polyphony__Data=(\S+)"));
        string user = Match(Dockerfile, @"(?m)^USER (\d+)$");
        Assert.Contains($"--chown={user}:{user} {volume} {volume}", Dockerfile, StringComparison.Ordinal);
        Assert.Equal(Default.Port.ToString(System.Globalization.CultureInfo.InvariantCulture), Match(Dockerfile, @"(?m)^EXPOSE (\d+)$"));
        Assert.Equal(Default.Port, new Uri(Urls().Replace("+", "any", StringComparison.Ordinal)).Port);
    }

    [Fact]
    public void The_image_starts_with_the_options_that_its_comment_names_and_not_without()
    {
        Assert.Equal(["plain-http", "public-url-missing"], Problems(Environment(Dockerfile, "ENV"), Urls()));
        Dictionary<string, string> named = Environment(Dockerfile, "ENV");
        foreach (string option in OptionPattern().Matches(Match(Dockerfile, "(?m)^# Another address.*$", 0)).Select(match => match.Value))
        {
            named[option] = option.Contains("Url", StringComparison.Ordinal) ? "https://dialogue.example.org" : "10.0.0.1";
        }

        Assert.Empty(Problems(named, Urls()));
    }

    [Fact]
    public void The_service_starts_and_stays_in_the_directory_that_it_may_write()
    {
        Dictionary<string, string> environment = Environment(Service, "Environment=");
        Assert.Equal("/var/lib/" + Match(Service, @"(?m)^StateDirectory=(\S+)$"), environment["Polyphony__Data"]);
        Assert.Equal(Match(Service, @"(?m)^WorkingDirectory=(\S+)$") + "/Polyphony.Web.dll", Match(Service, @"(?m)^ExecStart=\S+ (\S+)"));
        Assert.Empty(Problems(environment, PolyphonyServer.DefaultAddress));
    }

    [Fact]
    public void The_proxy_serves_the_public_address_passes_on_to_the_server_and_is_trusted_by_it()
    {
        Dictionary<string, string> environment = Environment(Service, "Environment=");
        Assert.Equal(new Uri(environment["Polyphony__PublicUrl"]).Host, Match(Caddyfile, @"(?m)^(\S+) \{$"));
        string[] server = Match(Caddyfile, @"reverse_proxy (\S+)").Split(':');
        Assert.Equal((environment["Polyphony__TrustedProxies__0"], Default.Port.ToString(System.Globalization.CultureInfo.InvariantCulture)), (server[0], server[1]));
        Assert.True(Default.IsLoopback && System.Net.IPAddress.IsLoopback(System.Net.IPAddress.Parse(server[0])));
    }

    private static string Urls() => Match(Dockerfile, "\"--urls\", \"([^\"]+)\"");

    private string[] Problems(Dictionary<string, string> environment, string urls)
    {
        Dictionary<string, string?> settings = environment.ToDictionary(pair => pair.Key.Replace("__", ":", StringComparison.Ordinal), pair => (string?)pair.Value);
        settings["urls"] = urls;
        settings["Polyphony:Data"] = directory;
        return [.. StartProblems.Find(new ConfigurationBuilder().AddInMemoryCollection(settings).Build(), directory).Select(problem => problem.Code)];
    }

    private static Dictionary<string, string> Environment(string file, string before) =>
        Regex.Matches(file, $@"(?m)^{before} ?(\w+)=(\S+)$").ToDictionary(match => match.Groups[1].Value, match => match.Groups[2].Value);

    private static string Match(string text, string pattern, int group = 1)
    {
        Match found = Regex.Match(text, pattern);
        Assert.True(found.Success, pattern);
        return found.Groups[group].Value;
    }

    private static string Read(string name) => File.ReadAllText(Path.Combine(Root, "deploy", name));

    [GeneratedRegex(@"(?m)^FROM mcr\.microsoft\.com/dotnet/\w+:([0-9.]+)")]
    private static partial Regex ImagePattern();

    [GeneratedRegex(@"Polyphony__\w+")]
    private static partial Regex OptionPattern();
}
