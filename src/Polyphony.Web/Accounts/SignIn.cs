using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Identity;
using Polyphony.Storage.Accounts;
using Polyphony.Web.Audiences;
using Polyphony.Web.Hosting;

namespace Polyphony.Web.Accounts;

/// <summary>Staff sign in and out.</summary>
internal static class SignIn
{
    public static void Map(IEndpointRouteBuilder app)
    {
        RouteGroupBuilder open = app.MapPublic();
        open.MapGet("/account/sign-in", (HttpRequest request) => Page(request.Query["return"].ToString(), "", null));
        open.MapPost("/account/sign-in", SignInAsync).TakesForm().RequireRateLimiting(RateLimits.Guessing);
        app.MapStaff().MapPost("/account/sign-out", SignOutAsync).TakesForm();
    }

    private static async Task<IResult> SignInAsync(HttpRequest request, UserManager<StaffMember> users, SignInManager<StaffMember> signIn, IPasswordHasher<StaffMember> hasher, CancellationToken cancellationToken)
    {
        IFormCollection form = await request.ReadFormAsync(cancellationToken);
        string email = form["email"].ToString().Trim();
        string password = form["password"].ToString();
        string back = form["return"].ToString();
        StaffMember? staff = await users.FindByEmailAsync(email);
        if (staff is null)
        {
            // As slow as a wrong password, so that nobody learns who has an account.
            hasher.HashPassword(new StaffMember(), password);
            return Page(back, email, "wrong");
        }

        // A locked account answers as an unknown one does.
        SignInResult result = await signIn.PasswordSignInAsync(staff, password, isPersistent: false, lockoutOnFailure: true);
        return result.Succeeded ? Results.LocalRedirect(IsLocal(back) ? back : "/organise") : Page(back, email, "wrong");
    }

    /// <summary>Ends the session here and everywhere: a copy of the cookie, or a device that was left behind, is worth nothing afterwards.</summary>
    private static async Task<IResult> SignOutAsync(DialogueScope scope, UserManager<StaffMember> users, SignInManager<StaffMember> signIn)
    {
        await users.UpdateSecurityStampAsync((await users.FindByIdAsync(scope.Staff.Id.ToString()))!);
        await signIn.SignOutAsync();
        return Results.LocalRedirect("/");
    }

    private static bool IsLocal(string path) => path is "/" || (path.Length > 1 && path[0] == '/' && path[1] is not '/' and not '\\');

    private static RazorComponentResult<SignInPage> Page(string back, string email, string? problem) => new(new { Return = back, Email = email, Problem = problem })
    {
        StatusCode = problem is null ? StatusCodes.Status200OK : StatusCodes.Status422UnprocessableEntity,
    };
}
