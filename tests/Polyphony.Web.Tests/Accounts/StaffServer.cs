using System.Net;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Polyphony.Storage.Accounts;
using Polyphony.Web.Accounts;
using Polyphony.Web.Tests.Server;

namespace Polyphony.Web.Tests.Accounts;

/// <summary>A server of its own, because tries to sign in are counted by address.</summary>
public sealed class StaffServer : IAsyncLifetime
{
    public const string Password = "four words of calm";

    /// <summary>By which sessions of signed-in people end.</summary>
    internal SessionClock Clock { get; } = new();

    internal TestServer Server { get; }

    public StaffServer() => Server = new()
    {
        Configure = builder => builder.Services.Configure<CookieAuthenticationOptions>(IdentityConstants.ApplicationScheme, cookie => cookie.TimeProvider = Clock),
    };

    public ValueTask InitializeAsync() => Server.InitializeAsync();

    public ValueTask DisposeAsync() => Server.DisposeAsync();

    public Visitor Arrive() => new(Server.Address);

    /// <summary>Makes an account.</summary>
    public async Task<StaffMember> EmployAsync(string name, bool isAdministrator = false)
    {
        StaffMember staff = new() { Id = Guid.CreateVersion7(), UserName = name + "@example.org", Email = name + "@example.org", DisplayName = name, IsAdministrator = isAdministrator };
        await using AsyncServiceScope scope = Server.Services.CreateAsyncScope();
        Assert.True((await scope.ServiceProvider.GetRequiredService<UserManager<StaffMember>>().CreateAsync(staff, Password)).Succeeded);
        return staff;
    }

    public async Task<string> InviteAsync(string email = "")
    {
        await using AsyncServiceScope scope = Server.Services.CreateAsyncScope();
        return "/account/accept/" + await scope.ServiceProvider.GetRequiredService<Invitations>().CreateAsync(email, "Ines", false, null, null, null, [], TestContext.Current.CancellationToken);
    }

    /// <summary>The link that the program prints while nobody administers it.</summary>
    public async Task<string?> FirstLinkAsync()
    {
        await using AsyncServiceScope scope = Server.Services.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<Invitations>().FirstAdministratorAsync(TestContext.Current.CancellationToken);
    }

    public static Task<Page> SignInAsync(Visitor visitor, string email, string password, string back = "") =>
        visitor.SubmitAsync("/account/sign-in", "/account/sign-in", ("email", email), ("password", password), ("return", back));

    public static Task<Page> JoinAsync(Visitor visitor, string link, string email, string password) =>
        visitor.SubmitAsync(link, link, ("displayName", "Ines"), ("email", email), ("password", password));

    /// <summary>Whether somebody is signed in.</summary>
    public static async Task<bool> IsInAsync(Visitor visitor) => (await visitor.GetAsync("/organise")).StatusCode == HttpStatusCode.OK;

    /// <summary>The address on this server of a link in a page or mail.</summary>
    public static string LinkIn(string text, string path) =>
        WebUtility.HtmlDecode(Regex.Match(text, @"https?://[^\s""<]*?(" + Regex.Escape(path) + @"[^\s""<]*)").Groups[1].Value);
}

/// <summary>The real clock, or one that goes ahead of it.</summary>
internal sealed class SessionClock : TimeProvider
{
    public TimeSpan Ahead { get; set; }

    public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + Ahead;
}
