namespace Polyphony.Web.Hosting;

/// <summary>What people see when something is not there, not allowed or broken.</summary>
internal static class FailurePages
{
    public static void UseFailurePages(this WebApplication app)
    {
        app.UseExceptionHandler(failing => failing.Run(context =>
        {
            context.Response.StatusCode = StatusCodes.Status500InternalServerError;
            return Task.CompletedTask;
        }));
    }
}
