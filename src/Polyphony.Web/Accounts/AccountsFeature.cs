using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Identity;
using Polyphony.Storage;
using Polyphony.Storage.Accounts;
using Polyphony.Web.Audiences;

namespace Polyphony.Web.Accounts;

/// <summary>Staff accounts: sign-in, invitations, roles, reset.</summary>
internal static class AccountsFeature
{
    public static void AddAccounts(this IServiceCollection services)
    {
        services.AddScoped<Invitations>();
        services.AddIdentityCore<StaffMember>(options =>
        {
            options.User.RequireUniqueEmail = true;
            options.Password.RequiredLength = 12;
            options.Password.RequireDigit = false;
            options.Password.RequireLowercase = false;
            options.Password.RequireUppercase = false;
            options.Password.RequireNonAlphanumeric = false;
            options.Password.RequiredUniqueChars = 5;
            options.Lockout.MaxFailedAccessAttempts = 5;
            options.Lockout.DefaultLockoutTimeSpan = TimeSpan.FromMinutes(5);
        })
            .AddEntityFrameworkStores<Db>()
            .AddSignInManager()
            .AddDefaultTokenProviders();

        // OWASP password storage: at least 220,000 rounds of PBKDF2 with HMAC-SHA512.
        services.Configure<PasswordHasherOptions>(options => options.IterationCount = 220_000);
        services.Configure<DataProtectionTokenProviderOptions>(options => options.TokenLifespan = TimeSpan.FromHours(1));
        services.AddAuthentication(IdentityConstants.ApplicationScheme).AddIdentityCookies();
        services.Configure<CookieAuthenticationOptions>(IdentityConstants.ApplicationScheme, cookie =>
        {
            cookie.Cookie.Name = "__Host-polyphony";
            cookie.Cookie.HttpOnly = true;
            cookie.Cookie.SecurePolicy = CookieSecurePolicy.Always;
            cookie.Cookie.SameSite = SameSiteMode.Lax;
            cookie.Cookie.Path = "/";
            cookie.ExpireTimeSpan = TimeSpan.FromHours(8);
            cookie.SlidingExpiration = true;
            cookie.LoginPath = "/account/sign-in";
            cookie.Events.OnSigningIn = ShortenForAdministratorsAsync;
        });
        services.AddAntiforgery(antiforgery =>
        {
            antiforgery.Cookie = new SecureFormCookie { Name = "__Host-form", HttpOnly = true, IsEssential = true, SameSite = SameSiteMode.Lax, Path = "/", SecurePolicy = CookieSecurePolicy.None };
            antiforgery.SuppressXFrameOptionsHeader = true;
        });
    }

    /// <summary>An administrator who leaves the desk is out after half an hour; everybody else after a working day. The renewed cookie keeps its length.</summary>
    private static async Task ShortenForAdministratorsAsync(CookieSigningInContext signingIn)
    {
        UserManager<StaffMember> users = signingIn.HttpContext.RequestServices.GetRequiredService<UserManager<StaffMember>>();
        if (signingIn.Principal is { } somebody && await users.GetUserAsync(somebody) is { IsAdministrator: true })
        {
            signingIn.Properties.ExpiresUtc = signingIn.Properties.IssuedUtc + TimeSpan.FromMinutes(30);
        }
    }

    public static void MapAccounts(this IEndpointRouteBuilder app)
    {
        RouteGroupBuilder open = app.MapPublic();
        SignIn.Map(app);
        AcceptInvitation.Map(open);
        ResetPassword.Map(open);
        StaffHome.Map(app.MapStaff());
        Team.Map(app.MapOrganiser());
        Administer.Map(app.MapAdministrator());
    }
}

/// <summary>A cookie that is always marked Secure. With <see cref="CookieSecurePolicy.Always"/> antiforgery would refuse to make a form over plain http,
/// which loopback may use; browsers keep Secure cookies of localhost.</summary>
internal sealed class SecureFormCookie : CookieBuilder
{
    public override CookieOptions Build(HttpContext context, DateTimeOffset expiresFrom)
    {
        CookieOptions options = base.Build(context, expiresFrom);
        options.Secure = true;
        return options;
    }
}
